using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>The handles of several tensors, for a native call that takes an array of them.</summary>
internal static class Handles
{
    internal static nint[] Of(IEnumerable<Tensor?>? tensors) => tensors is null ? [] : [.. tensors.Select(tensor => tensor is null ? 0 : tensor.Handle)];
}
