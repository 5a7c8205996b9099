using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Attribution.Perturbation.Local;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation;

/// <summary>Occlusion: how much of the score is lost where a window covers the input.</summary>
/// <remarks>
/// Formula: mean over the windows that cover a position of s(x) − s(x with the window set to the baseline). Result: the batch's shape, the same for every channel,
/// unit: score. Windows start at multiples of the stride; the last one along an axis may be cut by the border.
/// Cost: one forward for each window, many windows in one run; no gradient. Where the network's steps are known (from a file), only what a window changes is
/// computed, layer by layer, until that is most of a layer, for windows that lie alike together: for a ResNet-18 and windows of a seventh of the side, 0.42 of
/// the products. Beside that the memory of one run of a sample in which every layer is kept.
/// Source: Zeiler and Fergus, ECCV 2014, section 4.2.
/// Misleads: what is larger than the window is never covered, what is doubled is never missed, and the window's own edge is something to see.
/// </remarks>
[Method("occlusion", "Zeiler and Fergus, Visualizing and understanding convolutional networks, ECCV 2014, section 4.2", Summary = "How much of the score is lost where a window covers the input.")]
public sealed record Occlusion(
    [Description("side of the window in positions; 0 for an eighth of each axis"), Range(0, 100_000)] int Window = 0,
    [Description("positions from one window to the next; 0 for half a window"), Range(0, 100_000)] int Stride = 0,
    [Description("value that is put in, in the network's (normalised) units")] double Baseline = 0) : IAttribution
{
    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var windows = OcclusionWindows.Of(batch, Window, Stride);
        var known = Unchanged.Of(model, batch, target);
        var scores = Locally(model, batch, known, windows, job) ?? Whole(model, batch, known, windows, job);
        return windows.Mean(known.Score.unsqueeze(1) - scores, batch).MoveToOuterDisposeScope();
    }

    private Tensor Whole(IModel model, Tensor batch, Unchanged known, OcclusionWindows windows, Job job) => MaskedRuns.Scores(
        model, batch, known.Target, windows.Count, (from, count) => windows.Kept(from, count, batch), job, "occlusion", full([1], Baseline, batch.dtype, batch.device));

    // One sample after the other: every window is laid over the same unchanged run.
    private Tensor? Locally(IModel model, Tensor batch, Unchanged known, OcclusionWindows windows, Job job)
    {
        if (known.Axes != 2 || LocalRuns.Of(model, batch.narrow(0, 0, 1), windows) is not { } runs) return null;
        var samples = (int)batch.shape[0];
        var scores = Enumerable.Range(0, samples).Select(sample => runs.Scores(batch.narrow(0, sample, 1), known.Target, Baseline, done =>
            job.Report("occlusion", (long)sample * windows.Count + done, (long)samples * windows.Count))).ToList();
        return known.Target.Repeated(windows.Count).Of(cat(scores, 0)).reshape(samples, windows.Count);
    }
}
