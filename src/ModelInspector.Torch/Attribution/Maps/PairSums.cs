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

    /// <summary>One map: (samples, positions…).</summary>
    public static Tensor Of(Tensor activation, Tensor gradient, ISummedMap map) => Of(activation, gradient, [map])[0];

    /// <summary>Every map: (samples, positions…) each. All is done by the same threads: libtorch's own, once woken, go on waiting for work where these could do some.</summary>
    public static Tensor[] Of(Tensor activation, Tensor gradient, IReadOnlyList<ISummedMap> maps)
    {
        if (maps.Count == 0) return [];
        using var scope = NewDisposeScope();
        var (a, g) = (Samples.Plain(activation), Samples.Plain(gradient));
        Tensor[] drawn = [.. maps.Select(_ => empty([a.shape[0], .. a.shape[2..]], ScalarType.Float32))];
        var (activations, gradients) = (new Samples(a), new Samples(g));
        (ChannelSum Adds, bool Clips, Samples Values)[] each = [.. maps.Zip(drawn, (map, values) => (map.Adds, map.Clips, new Samples(values)))];
        RowParallel.Run(activations.Count, 1, (sample, _, _) =>
        {
            foreach (var (_, _, values) in each) values[sample].Clear();
            AddChannels(activations[sample], gradients[sample], sample, each);
            foreach (var (_, clips, values) in each)
                if (clips) TensorPrimitives.Max(values[sample], 0, values[sample]);
        });
        return [.. drawn.Select(map => map.to(activation.device).MoveToOuterDisposeScope())];
    }

    private static void AddChannels(ReadOnlySpan<float> activation, ReadOnlySpan<float> gradient, int sample, (ChannelSum Adds, bool, Samples Values)[] each)
    {
        var positions = each[0].Values[sample].Length;
        for (var from = 0; from < activation.Length; from += positions)
            foreach (var (adds, _, values) in each) adds(gradient.Slice(from, positions), activation.Slice(from, positions), values[sample]);
    }

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
