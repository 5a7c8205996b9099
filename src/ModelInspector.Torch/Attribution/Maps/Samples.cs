using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps;

/// <summary>The numbers of each sample of a tensor that lies in this processor's memory, one sample after the other. The tensor must outlive it.</summary>
internal sealed unsafe class Samples
{
    private readonly float* first;
    private readonly int length;

    /// <param name="plain">(samples, …), in single precision, in memory that can be read as it lies.</param>
    public Samples(Tensor plain)
    {
        Count = (int)plain.shape[0];
        if (Count == 0) return;
        var values = MemoryMarshal.Cast<byte, float>(plain[0].bytes);
        length = values.Length;
        fixed (float* at = values) first = at;
    }

    /// <summary>How many.</summary>
    public int Count { get; }

    /// <summary>One sample's numbers.</summary>
    public Span<float> this[int sample] => new(first + (long)sample * length, length);

    /// <summary>The same values as a tensor that can be read so.</summary>
    public static Tensor Plain(Tensor values) => values.detach().to_type(ScalarType.Float32).cpu().contiguous();
}
