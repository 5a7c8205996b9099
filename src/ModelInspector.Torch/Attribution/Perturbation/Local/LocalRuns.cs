using ModelInspector.Models;
using ModelInspector.Models.Costs;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>
/// Scores of an input under every window, computing only what a window changes: each layer is run on a cut around the changed positions, what a cut's
/// border spoils is replaced by the unchanged run's values, and a layer of which most would change is run whole.
/// </summary>
internal sealed class LocalRuns
{
    // Less than this is not worth the copying.
    private const double LeastSaved = 0.1;

    private readonly IModel model;
    private readonly OcclusionWindows windows;
    private readonly ChangeTrace trace;

    private LocalRuns(IModel model, OcclusionWindows windows, ChangeTrace trace) => (this.model, this.windows, this.trace) = (model, windows, trace);

    /// <summary>Share of the products of a whole run that a window costs.</summary>
    public double Share =>
        (trace.OtherProducts + trace.Steps.Values.Sum(step => step.Products * step.Share)) / Math.Max(1, trace.OtherProducts + trace.Steps.Values.Sum(step => step.Products));

    /// <summary>The plan for inputs of a sample's shape; null where windows change everything, or the network cannot be watched.</summary>
    public static LocalRuns? Of(IModel model, Tensor sample, OcclusionWindows windows)
    {
        if (model is not IWatchableModel watchable || model.Graph.FixedBatch is not null || model.Graph.Inputs.Length != 1) return null;
        var trace = new ChangeTrace(windows);
        using var outputs = watchable.Run(sample, trace);
        trace.Settle();
        var runs = new LocalRuns(model, windows, trace);
        return !trace.Input.Root.IsWhole && runs.Share < 1 - LeastSaved ? runs : null;
    }

    /// <summary>Scores under every window: (windows, classes).</summary>
    /// <param name="sample">(1, channels, positions…).</param>
    /// <param name="target">Tells what is read; it must be without positions.</param>
    /// <param name="baseline">Value inside the window.</param>
    /// <param name="ran">Told after each run how many windows are done.</param>
    public Tensor Scores(Tensor sample, Target target, double baseline, Action<int> ran)
    {
        using var scope = NewDisposeScope();
        var unchanged = Unchanged(sample);
        var count = Packing.Copies(model.Graph, 1, Widest(sample), windows.Count);
        var scores = new List<Tensor>();
        for (var from = 0; from < windows.Count; from += count)
        {
            var at = At(from, Math.Min(count, windows.Count - from));
            using var run = NewDisposeScope();
            var cut = Covered(sample, at, baseline);
            scores.Add(Readout.Of(model, cut, target, (layer, _, output) => trace.Steps.TryGetValue(layer.Name, out var step) ? Restored(step, unchanged[layer.Name], output, at) : null)
                .MoveToOtherDisposeScope(scope));
            ran(from + at[0].Length);
        }
        return cat(scores, 0).MoveToOuterDisposeScope();
    }

    private Dictionary<string, Tensor> Unchanged(Tensor sample)
    {
        var kept = new Dictionary<string, Tensor>();
        using var outputs = model.Run(sample, (layer, _, output) =>
        {
            if (trace.Steps.ContainsKey(layer.Name)) kept[layer.Name] = output.alias();
            return null;
        });
        return kept;
    }

    private long Widest(Tensor sample) => (long)trace.Steps.Values.Select(step => step.Values * Math.Max(step.Share, step.Output.Root.Share)).Append(sample.numel()).Max();

    private int[][] At(int from, int count)
    {
        var at = windows.Starts.Select(_ => new int[count]).ToArray();
        for (var window = 0; window < count; window++)
            for (var (axis, rest) = (at.Length - 1, from + window); axis >= 0; rest /= windows.Starts[axis--].Length)
                at[axis][window] = rest % windows.Starts[axis].Length;
        return at;
    }

    private Tensor Covered(Tensor sample, int[][] at, double baseline)
    {
        var region = trace.Input.Root;
        var cut = Cuts.Of(sample, region, at);
        Cuts.Each(at, Part, (alike, part) => Cuts.Paste(cut, null, baseline, alike, part));
        return cut;

        (long, long, long) Part(int axis, int place)
        {
            var from = windows.Starts[axis][place];
            var length = Math.Min(windows.Size[axis], from + windows.Side[axis]) - from;
            return (from - (region.Starts[axis][place] * region.Steps[axis]), 0, length);
        }
    }

    // The step's own output for a cut is right where the window changed it; around that the unchanged run's values are put.
    private static Tensor? Restored(SlidingStep step, Tensor unchanged, Tensor output, int[][] at)
    {
        var region = step.Output.Root;
        if (step.Input.Root.IsWhole && region.IsWhole) return null;
        using var scope = NewDisposeScope();
        var cut = Cuts.Of(unchanged, region, at);
        Cuts.Each(at, Part, (alike, part) =>
        {
            if (part.All(axis => axis.Length > 0)) Cuts.Paste(cut, output, 0, alike, part);
        });
        return cut.MoveToOuterDisposeScope();

        (long, long, long) Part(int axis, int place)
        {
            var (from, to) = step.Changed[axis][place];
            return (from - (region.Starts[axis][place] * region.Steps[axis]), from - step.First(axis, place), to - from);
        }
    }
}
