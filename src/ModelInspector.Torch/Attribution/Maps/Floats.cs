using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps;

/// <summary>Tensors as numbers in this processor's memory.</summary>
internal static class Floats
{
    /// <summary>The same values in single precision, in memory that can be read as it lies.</summary>
    public static Tensor Plain(Tensor values) => values.detach().to_type(ScalarType.Float32).cpu().contiguous();

    /// <summary>The numbers of a plain tensor, which must outlive them.</summary>
    public static Span<float> Of(Tensor plain) => MemoryMarshal.Cast<byte, float>(plain.bytes);
}
