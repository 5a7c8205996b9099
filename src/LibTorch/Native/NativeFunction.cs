using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>What a managed autograd function hands over after its forward pass.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeFunction
{
    internal nint Context;
    internal delegate* unmanaged<nint, nint, nint*, int, nint*, int, byte*> Backward;
    internal delegate* unmanaged<nint, void> Release;
    internal byte* Name;
    internal nint* Inputs;
    internal nint* Outputs;
    internal nint* Saved;
    internal nint* Dirty;
    internal nint* Constant;
    internal int InputCount;
    internal int OutputCount;
    internal int SavedCount;
    internal int DirtyCount;
    internal int ConstantCount;
    internal int Materialize;
}
