using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>The tagged value of the C ABI.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    internal Tag Tag;
    internal int Count;
    internal long Bits;
    internal double Imaginary;

    internal readonly nint Pointer => (nint)Bits;
    internal readonly double Double => BitConverter.Int64BitsToDouble(Bits);
}

/// <summary>What a value is.</summary>
internal enum Tag
{
    None,
    Default,
    Tensor,
    Int,
    Double,
    Bool,
    Complex,
    IntList,
    DoubleList,
    BoolList,
    TensorList,
    String,
    Device,
    Generator,
}
