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

/// <summary>Adds what one channel of one sample contributes to each position.</summary>
internal delegate void ChannelSum(ReadOnlySpan<float> gradient, ReadOnlySpan<float> activation, Span<float> sum);

/// <summary>
/// Sums over the channels of a pair, in one reading for any number of them: a channel is added to all before the next one is touched. Written as tensor operations
/// the same formulas make temporaries of the pair's size, and moving those through memory costs more than the network's own passes (benchmarks/maps.md).
/// A pair that lives elsewhere is brought to the processor; the maps go back to where the pair lives.
/// </summary>
internal static class PairSums
{
    /// <summary>Adds F(g_k(p), A_k(p)).</summary>
    public static void Points<TPoint>(ReadOnlySpan<float> gradient, ReadOnlySpan<float> activation, Span<float> sum) where TPoint : IPointwise => Add<TPoint>(gradient, activation, sum);

    /// <summary>Adds w_k A_k(p).</summary>
    public static void Channels<TWeight>(ReadOnlySpan<float> gradient, ReadOnlySpan<float> activation, Span<float> sum) where TWeight : IChannelWeight =>
        TensorPrimitives.MultiplyAdd(activation, TWeight.Of(gradient, activation), sum, sum);

    /// <summary>One map's sum: (samples, positions…).</summary>
    public static Tensor Of(Tensor activation, Tensor gradient, ChannelSum sum) => Of(activation, gradient, [sum])[0];

    /// <summary>Every sum: (samples, positions…) each.</summary>
    public static Tensor[] Of(Tensor activation, Tensor gradient, IReadOnlyList<ChannelSum> sums)
    {
        if (sums.Count == 0) return [];
        using var scope = NewDisposeScope();
        var (a, g) = (Plain(activation), Plain(gradient));
        long[] shape = [a.shape[0], .. a.shape[2..]];
        var length = shape.Aggregate(1L, (product, size) => product * size);
        float[][] found = [.. sums.Select(_ => new float[length])];
        var positions = (int)(length / Math.Max(1, shape[0]));
        RowParallel.Run((int)shape[0], 1, (sample, _, _) =>
        {
            using var mine = NewDisposeScope();
            AddChannels(Values(a[sample]), Values(g[sample]), sums, found, sample * positions, positions);
        });
        return [.. found.Select(sum => tensor(sum).reshape(shape).to(activation.device).MoveToOuterDisposeScope())];
    }

    private static void AddChannels(ReadOnlySpan<float> activation, ReadOnlySpan<float> gradient, IReadOnlyList<ChannelSum> sums, float[][] found, int at, int positions)
    {
        for (var from = 0; from < activation.Length; from += positions)
            for (var map = 0; map < found.Length; map++)
                sums[map](gradient.Slice(from, positions), activation.Slice(from, positions), found[map].AsSpan(at, positions));
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
