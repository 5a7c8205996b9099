using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ModelInspector.Numerics;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ModelInspector.Attribution.Maps;

/// <summary>What is summed over channels at a position, of its gradient and its activation.</summary>
internal interface IPointwise
{
    static abstract Vector<float> Of(Vector<float> gradient, Vector<float> activation);
}

/// <summary>The weight of a channel, of its gradient and activation at all positions.</summary>
internal interface IChannelWeight
{
    static abstract float Of(ReadOnlySpan<float> gradient, ReadOnlySpan<float> activation);
}

/// <summary>
/// Sums over the channels of a pair in one reading, sample by sample. Written as tensor operations the same formulas make temporaries of the pair's
/// size, and moving those through memory costs more than the network's own passes (benchmarks/maps.md).
/// A pair that lives elsewhere is brought to the processor; the map goes back to where the pair lives.
/// </summary>
internal static class PairSums
{
    /// <summary>Σ_k F(g_k(p), A_k(p)): (samples, positions…).</summary>
    public static Tensor OfPoints<TPoint>(Tensor activation, Tensor gradient) where TPoint : IPointwise =>
        EachSample(activation, gradient, (a, g, sum) =>
        {
            for (var from = 0; from < a.Length; from += sum.Length) Add<TPoint>(g.Slice(from, sum.Length), a.Slice(from, sum.Length), sum);
        });

    /// <summary>Σ_k w_k A_k(p): (samples, positions…).</summary>
    public static Tensor OfChannels<TWeight>(Tensor activation, Tensor gradient) where TWeight : IChannelWeight =>
        EachSample(activation, gradient, (a, g, sum) =>
        {
            for (var from = 0; from < a.Length; from += sum.Length)
            {
                var channel = a.Slice(from, sum.Length);
                TensorPrimitives.MultiplyAdd(channel, TWeight.Of(g.Slice(from, sum.Length), channel), sum, sum);
            }
        });

    private delegate void SampleSum(ReadOnlySpan<float> activation, ReadOnlySpan<float> gradient, Span<float> sum);

    private static Tensor EachSample(Tensor activation, Tensor gradient, SampleSum body)
    {
        using var scope = NewDisposeScope();
        var (a, g) = (Plain(activation), Plain(gradient));
        long[] shape = [a.shape[0], .. a.shape[2..]];
        var sums = new float[shape.Aggregate(1L, (product, size) => product * size)];
        var positions = sums.Length / Math.Max(1, (int)shape[0]);
        RowParallel.Run((int)shape[0], 1, (sample, _, _) =>
        {
            using var mine = NewDisposeScope();
            body(Values(a[sample]), Values(g[sample]), sums.AsSpan(sample * positions, positions));
        });
        return tensor(sums).reshape(shape).to(activation.device).MoveToOuterDisposeScope();
    }

    private static Tensor Plain(Tensor values) => values.detach().to_type(ScalarType.Float32).cpu().contiguous();

    private static ReadOnlySpan<float> Values(Tensor sample) => MemoryMarshal.Cast<byte, float>(sample.bytes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<TPoint>(ReadOnlySpan<float> gradient, ReadOnlySpan<float> activation, Span<float> sum) where TPoint : IPointwise
    {
        var g = Vectors(gradient);
        var a = Vectors(activation);
        var s = MemoryMarshal.Cast<float, Vector<float>>(sum);
        for (var i = 0; i < s.Length; i++) s[i] += TPoint.Of(g[i], a[i]);
        var rest = s.Length * Vector<float>.Count;
        var tail = Tail<TPoint>(gradient[rest..], activation[rest..]);
        for (var i = rest; i < sum.Length; i++) sum[i] += tail[i - rest];
    }

    // Fewer values than a vector holds; the lanes behind them are F(0, 0) = 0 in every formula here.
    private static Vector<float> Tail<TPoint>(ReadOnlySpan<float> gradient, ReadOnlySpan<float> activation) where TPoint : IPointwise
    {
        Span<float> g = stackalloc float[Vector<float>.Count];
        Span<float> a = stackalloc float[Vector<float>.Count];
        g.Clear();
        a.Clear();
        gradient.CopyTo(g);
        activation.CopyTo(a);
        return TPoint.Of(new Vector<float>(g), new Vector<float>(a));
    }

    private static ReadOnlySpan<Vector<float>> Vectors(ReadOnlySpan<float> values) => MemoryMarshal.Cast<float, Vector<float>>(values);
}
