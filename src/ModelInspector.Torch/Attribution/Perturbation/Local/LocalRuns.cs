using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>
/// Scores of an input under every window, computing only what a window changes: each layer is run where a window changes it, on a cut of its input
/// in which the rest is taken from the unchanged run; a layer of which most would change is run whole.
/// </summary>
internal sealed class LocalRuns
{
    // Less than this is not worth the copying.
    private const double LeastSaved = 0.1;

    // What a run costs beside its windows, as a share of a whole run of one sample: weights are laid out anew, and many small steps are taken.
    private const double EachRun = 0.2;

    // Beyond this, memory is paid for and no time is won.
    private const int MostTogether = 32;

    private readonly IRecordableModel model;
    private readonly OcclusionWindows windows;
    private readonly LocalPlan plan;

    private LocalRuns(IRecordableModel model, OcclusionWindows windows, LocalPlan plan)
    {
        (this.model, this.windows, this.plan) = (model, windows, plan);
        Groups = WindowGroups.Of([.. windows.Starts.Select(axis => axis.Length)], group => (group.Count * ShareOf(group)) + (EachRun * Math.Ceiling(group.Count / (double)Together(group))));
    }

    /// <summary>Windows that are run together: each window is in one group.</summary>
    public List<WindowGroup> Groups { get; }

    /// <summary>Share of the products of a whole run that a window costs, on average.</summary>
    public double Share => Groups.Sum(group => group.Count * ShareOf(group)) / windows.Count;

    private long Products => plan.OtherProducts + plan.Slides.Values.Sum(step => step.Window.MultiplyAdds);

    /// <summary>The plan for inputs of a sample's shape; null where windows change everything, or the network's steps cannot be run one by one.</summary>
    public static LocalRuns? Of(IModel model, Tensor sample, OcclusionWindows windows)
    {
        if (model is not IRecordableModel recordable || model.Graph.FixedBatch is not null || model.Graph.Inputs.Length != 1) return null;
        using var run = recordable.Record(sample);
        var plan = new LocalPlan(run, windows);
        if (plan.Slides.Count == 0) return null;
        var runs = new LocalRuns(recordable, windows, plan);
        return runs.Share < 1 - LeastSaved ? runs : null;
    }

    /// <summary>Scores under every window: (windows, classes).</summary>
    /// <param name="sample">(1, channels, positions…).</param>
    /// <param name="target">Tells what is read; it must be without positions.</param>
    /// <param name="baseline">Value inside the window.</param>
    /// <param name="ran">Told after each run how many windows are done.</param>
    public Tensor Scores(Tensor sample, Target target, double baseline, Action<int> ran)
    {
        using var scope = NewDisposeScope();
        using var unchanged = new Surroundings(model.Record(sample));
        Stretch[][] covered = [.. windows.Size.Select((_, axis) => windows.Along(axis))];
        var (scores, numbers) = (new List<Tensor>(), new List<long>());
        foreach (var (group, at) in Runs())
        {
            using var step = NewDisposeScope();
            scores.Add(Readout.Read(model.Graph, target, tap => new WindowRun(plan, unchanged, group, at).Of(covered, baseline, model.Graph.Outputs, tap)).to(sample.device).MoveToOtherDisposeScope(scope));
            numbers.AddRange(group.Numbers(at, windows));
            ran(numbers.Count);
        }
        return cat(scores, 0).index_select(0, tensor(numbers, device: sample.device).argsort()).MoveToOuterDisposeScope();
    }

    private IEnumerable<(WindowGroup Group, int[][] At)> Runs()
    {
        foreach (var group in Groups)
            for (var (from, most) = (0, Together(group)); from < group.Count; from += most)
                yield return (group, group.At(from, Math.Min(most, group.Count - from)));
    }

    private int Together(WindowGroup group) =>
        Packing.Copies(model.Graph, 1, Math.Max(plan.Widest, plan.Slides.Values.Max(step => step.Values(group))), group.Count, MostTogether);

    private double ShareOf(WindowGroup group) => (plan.OtherProducts + plan.Slides.Values.Sum(step => step.Window.MultiplyAdds * step.Share(group))) / Math.Max(1, Products);
}
