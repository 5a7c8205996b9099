using System.Collections.Immutable;
using ModelInspector.Capture;
using ModelInspector.Findings;
using ModelInspector.Models;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Inspection.Cards;

/// <summary>Which units' activations are wanted on which samples, and the maps once they are there.</summary>
/// <param name="Layer">Layer name.</param>
/// <param name="Wanted">Sample and unit of each map, in the order in which they are kept.</param>
/// <param name="Peaks">Whether a map that is too fine keeps the largest of the values it merges, or their mean.</param>
internal sealed record UnitMaps(Layer Layer, ImmutableArray<(int Sample, int Unit)> Wanted, bool Peaks)
{
    private const int FinestPeaks = 64;
    private const int FinestMeans = 28;

    private readonly float[]?[] maps = new float[]?[Wanted.Length];
    private readonly ILookup<int, int> bySample = Enumerable.Range(0, Wanted.Length).ToLookup(i => Wanted[i].Sample);
    private int rows;
    private int columns;

    /// <summary>Keeps what is wanted of one batch.</summary>
    /// <param name="samples">The samples of the batch.</param>
    /// <param name="activation">(n, units, rows, columns).</param>
    public void Take(ReadOnlySpan<int> samples, Tensor activation)
    {
        var units = Wanted.Select(map => map.Unit).Distinct().ToList();
        var chosen = Coarse(activation.index_select(1, tensor(units.Select(unit => (long)unit).ToArray(), device: activation.device)));
        var values = Batches.ToArray(chosen); // (n, chosen units, rows, columns)
        (rows, columns) = (values.Shape[2], values.Shape[3]);
        for (var i = 0; i < samples.Length; i++)
            foreach (var map in bySample[samples[i]])
                maps[map] = values[i].Slice(units.IndexOf(Wanted[map].Unit) * rows * columns, rows * columns).ToArray();
    }

    /// <summary>All maps as one array (maps, rows, columns), written beside the findings.</summary>
    public ArrayFile Save(RunDirectory run, string file)
    {
        var all = new NdArray(Wanted.Length, rows, columns);
        for (var i = 0; i < maps.Length; i++) maps[i]!.CopyTo(all[i]);
        Activations.Npy.Write(run.File(file), all);
        return new ArrayFile(file, all.Shape);
    }

    private Tensor Coarse(Tensor activation)
    {
        var (height, width) = (activation.shape[2], activation.shape[3]);
        var finest = Peaks ? FinestPeaks : FinestMeans;
        if (Math.Max(height, width) <= finest) return activation;
        var step = (Math.Max(height, width) + finest - 1) / finest;
        return Peaks
            ? nn.functional.max_pool2d(activation, [step, step], ceil_mode: true)
            : nn.functional.adaptive_avg_pool2d(activation, [(height + step - 1) / step, (width + step - 1) / step]);
    }
}
