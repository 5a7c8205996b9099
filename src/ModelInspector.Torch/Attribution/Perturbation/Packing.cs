using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation;

/// <summary>How many changed copies of each sample go into one run: as many as memory allows, and no more than help.</summary>
internal static class Packing
{
    private const int Most = 64;
    private const long Budget = 1L << 30;

    // A run holds its widest layer, what it is made from and what is made of it, and a kernel's own scratch space.
    private const int AliveAtOnce = 6;

    /// <summary>Copies of each sample in one run.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="samples">Samples in the batch.</param>
    /// <param name="widest">Values that the widest layer gives for one sample.</param>
    /// <param name="variants">Copies wanted in all.</param>
    /// <param name="most">Most samples in one run.</param>
    public static int Copies(ModelGraph graph, long samples, long widest, int variants, int most = Most)
    {
        if (graph.FixedBatch is not null) return 1;
        var budget = Math.Min(Budget, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8);
        var fit = budget / Math.Max(1, AliveAtOnce * sizeof(float) * widest);
        var runs = Math.Clamp(Math.Min(fit, most) / Math.Max(1, samples), 1, Math.Max(1, variants));
        return (int)Math.Ceiling(variants / Math.Ceiling(variants / (double)runs));
    }

    /// <summary>Values that a network's widest layer gives for one sample: the input's, where the file says nothing.</summary>
    public static long Widest(ModelGraph graph, Tensor batch) =>
        graph.Layers.Select(layer => layer.Output.Skip(1).Aggregate(1L, (product, size) => product * Math.Max(1, size)))
            .Append(batch.numel() / Math.Max(1, batch.shape[0])).Max();

    /// <summary>Runs of equal size that cover 0 … <paramref name="count"/> − 1: the last one reaches back, so that no run has a size of its own.</summary>
    public static IEnumerable<int> Starts(int count, int size)
    {
        for (var from = 0; from < count; from += size) yield return Math.Min(from, Math.Max(0, count - size));
    }
}
