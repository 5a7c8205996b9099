using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>Turns what an operator returned into managed objects, which own it from then on.</summary>
internal static unsafe class Result
{
    internal static Tensor? Tensor(in NativeValue value) => value.Pointer == 0 ? null : new Tensor(value.Pointer);

    internal static Tensor[] Tensors(in NativeValue value)
    {
        var handles = new ReadOnlySpan<nint>((void*)value.Pointer, value.Count);
        var tensors = new Tensor[handles.Length];
        for (int k = 0; k < tensors.Length; k++) tensors[k] = handles[k] == 0 ? null! : new Tensor(handles[k]);
        Bridge.mi_free((void*)value.Pointer);
        return tensors;
    }

    internal static Scalar Number(in NativeValue value) => value.Tag switch
    {
        Tag.Bool => value.Bits != 0,
        Tag.Int => value.Bits,
        Tag.Complex => new Complex(value.Double, value.Imaginary),
        _ => value.Double,
    };

    internal static object? Any(in NativeValue value) => value.Tag switch
    {
        Tag.None => null,
        Tag.Tensor => Tensor(value),
        Tag.TensorList => Tensors(value),
        Tag.Int => value.Bits,
        Tag.Bool => value.Bits != 0,
        Tag.Double => value.Double,
        Tag.Complex => new Complex(value.Double, value.Imaginary),
        Tag.IntList => Copy<long>(value),
        Tag.DoubleList => Copy<double>(value),
        Tag.BoolList => Array.ConvertAll(Copy<long>(value), flag => flag != 0),
        Tag.String => Bridge.TakeText(value),
        Tag.Device => Device.Unpack(value.Bits),
        _ => throw new NotSupportedException($"An operator returned a {value.Tag}, which has no managed form."),
    };

    /// <summary>Frees a result that nobody wants.</summary>
    internal static void Discard(in NativeValue value)
    {
        if (value.Tag == Tag.Tensor && value.Pointer != 0) Bridge.mi_tensor_free(value.Pointer);
        else if (value.Tag == Tag.TensorList) foreach (var tensor in Tensors(value)) tensor?.Dispose();
        else if (value.Tag is Tag.IntList or Tag.DoubleList or Tag.BoolList or Tag.String) Bridge.mi_free((void*)value.Pointer);
    }

    private static T[] Copy<T>(in NativeValue value) where T : unmanaged
    {
        var copy = new ReadOnlySpan<T>((void*)value.Pointer, value.Count).ToArray();
        Bridge.mi_free((void*)value.Pointer);
        return copy;
    }
}
