using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Capture;
using ModelInspector.Models;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Inputs;

/// <summary>Guided integrated gradients: the integral along a path that moves those values first whose gradient is small.</summary>
/// <remarks>
/// Formula: Σ_t ∂ score / ∂x(x_t) · (x_{t+1} − x_t), where each step covers the same part of the way (in sums of absolute values), moves the values with the
/// smallest gradients, and keeps every value within <c>spread</c> of the straight path. Result: the batch's shape, unit: score. Sums to the score's
/// difference but for the steps' error, which is told. Cost: a forward and backward a step, one after the other, and two forwards.
/// Source: Kapishnikov et al., Guided integrated gradients, CVPR 2021, algorithm 1.
/// Misleads: the path depends on the network, so two networks that compute the same may get different maps; along the kink of a ReLU it goes to and fro, and
/// more steps hardly lessen the error.
/// </remarks>
[Method("guided-integrated-gradients", "Kapishnikov et al., Guided integrated gradients, CVPR 2021, algorithm 1", Summary = "Integrated gradients along a path that keeps away from steep places.")]
public sealed record GuidedIntegratedGradients(
    [Description("steps on the path"), Range(1, 100_000)] int Steps = 100,
    [Description("share of the values that move at a time"), Range(0.0, 1.0)] double Share = 0.25,
    [Description("how far a value may be from the straight path, as a share of its way"), Range(0.0, 1.0)] double Spread = 0.02,
    [Description(Inputs.Baseline.Summary)] double Baseline = 0) : IAttribution
{
    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job)
    {
        using var scope = NewDisposeScope();
        var baseline = Inputs.Baseline.Of(batch, Baseline);
        var (known, atInput, atBaseline) = Inputs.Baseline.Scored(model, batch, baseline, target);
        var (from, to) = (Batches.ToArray(baseline), Batches.ToArray(batch));
        var ways = Enumerable.Range(0, to.Shape[0]).Select(sample => new GuidedWay(from[sample], to[sample], Share, Spread)).ToList();
        for (var step = 1; step <= Steps; step++)
        {
            job.Report("guided integrated gradients", step - 1, Steps);
            using var inner = NewDisposeScope();
            var gradient = Batches.ToArray(LayerGradients.OfInput(model, Gathered(ways, way => way.Position, batch), known));
            foreach (var (sample, way) in ways.Index()) way.Advance(gradient[sample], (double)step / Steps);
        }
        var result = Gathered(ways, way => way.Attribution, batch);
        job.Report("guided integrated gradients", Steps, Steps, Completeness.Of(result, atInput, atBaseline).ToString());
        return result.MoveToOuterDisposeScope();
    }

    private static Tensor Gathered(List<GuidedWay> ways, Func<GuidedWay, double[]> of, Tensor like) =>
        tensor(ways.SelectMany(way => of(way).Select(value => (float)value)).ToArray(), dtype: like.dtype, device: like.device).reshape(like.shape);
}
