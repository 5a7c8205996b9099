using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Inputs;

/// <summary>Internal influence: a layer's gradient averaged over inputs on the way from a baseline.</summary>
/// <remarks>
/// Formula: ∫₀¹ ∂ score / ∂A at x₀ + α(x − x₀) dα. Result: the layer's shape, unit: score per unit of activation.
/// Cost: a forward and a truncated backward per step; several steps share a run.
/// Source: Leino et al., Influence-directed explanations for deep convolutional networks, ITC 2018, definition 1.
/// Misleads: it says how strongly a unit would act, not whether it is active here.
/// </remarks>
[Method("internal-influence", "Leino et al., Influence-directed explanations, ITC 2018, definition 1",
    Summary = "How strongly the score answers to each unit of a layer, averaged on the way from a baseline.")]
public sealed record InternalInfluence(
    [Description("points on the path"), Range(2, 100_000)] int Steps = 64,
    [Description("how the points are placed and weighted; trapezoid is captum's, whose sum falls short by one part in steps")] Quadrature Quadrature = Quadrature.Trapezoid,
    [Description(Inputs.Baseline.Summary)] double Baseline = 0) : ILayerAttribution, IRate
{
    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Layer layer, Target target, Job job)
    {
        using var scope = NewDisposeScope();
        var nodes = Nodes.Of(Quadrature, Steps);
        var path = new LayerPath(model, batch, Baseline, layer, target);
        Tensor? sum = null;
        foreach (var (first, some) in path.Groups(Steps, job, "internal influence"))
        {
            using var inner = NewDisposeScope();
            var (pair, _) = path.At(nodes.Points[first..(first + some)]);
            var weights = tensor(nodes.Weights[first..(first + some)], dtype: pair.Gradient.dtype, device: pair.Gradient.device);
            var part = (pair.Gradient * weights.reshape([1, some, .. Enumerable.Repeat(1L, (int)pair.Gradient.Dimensions - 2)])).sum(1);
            sum = (sum is null ? part : sum + part).MoveToOuterDisposeScope();
        }
        job.Report("internal influence", Steps, Steps);
        return sum!.MoveToOuterDisposeScope();
    }
}
