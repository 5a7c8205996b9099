using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation;

/// <summary>Occlusion: how much of the score is lost where a window covers the input.</summary>
/// <remarks>
/// Formula: mean over the windows that cover a position of s(x) − s(x with the window set to the baseline). Result: the batch's shape, the same for every channel,
/// unit: score. Windows start at multiples of the stride; the last one along an axis may be cut by the border.
/// Cost: one forward for each window, many windows in one run; no gradient.
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
        var fill = full([1], Baseline, batch.dtype, batch.device);
        var scores = MaskedRuns.Scores(model, batch, known.Target, windows.Count, (from, count) => windows.Kept(from, count, batch), job, "occlusion", fill);
        return windows.Mean(known.Score.unsqueeze(1) - scores, batch).MoveToOuterDisposeScope();
    }
}
