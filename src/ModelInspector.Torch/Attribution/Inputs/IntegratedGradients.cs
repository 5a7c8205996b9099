using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Inputs;

/// <summary>Integrated gradients: the gradient averaged over the straight path from a baseline, times the way.</summary>
/// <remarks>
/// Formula: (x − x₀) · ∫₀¹ ∂ score(x₀ + α(x − x₀)) / ∂x dα. At a layer the path runs between the layer's outputs at x₀ and x,
/// while everything that jumps over the layer stays as it is at x. Result: the input's or the layer's shape, unit: score. The sum is the
/// score at x minus that at x₀ but for the quadrature's error, which is reported.
/// Cost: one forward at x and x₀, and a forward and backward per step; several steps share a run.
/// Source: Sundararajan et al., ICML 2017, eq. 1; at a layer: the same integral with the layer as the input.
/// Misleads: what equals the baseline gets nothing (black organs on a black baseline); the path leaves the data, where gradients
/// may be anything; a small completeness error says that the sum is right, not that the parts are.
/// </remarks>
[Method("integrated-gradients", "Sundararajan et al., Axiomatic attribution for deep networks, ICML 2017, eq. 1",
    Summary = "The gradient averaged on the way from a baseline, times the way: adds up to the score's difference.")]
public sealed record IntegratedGradients(
    [Description("points on the path"), Range(2, 100_000)] int Steps = 64,
    [Description("how the points are placed and weighted; trapezoid is captum's, whose sum falls short by one part in steps")] Quadrature Quadrature = Quadrature.Trapezoid,
    [Description(Inputs.Baseline.Summary)] double Baseline = 0,
    [Description("double the steps until the completeness error is below this share; 0 for the steps as given"), Range(0.0, 1.0)] double Tolerance = 0)
    : IAttribution, ILayerAttribution
{
    private const int MostSteps = 8192;
    private const string Stage = "integrated gradients";

    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job)
    {
        using var scope = NewDisposeScope();
        var baseline = Inputs.Baseline.Of(batch, Baseline);
        var (known, atInput, atBaseline) = Inputs.Baseline.Scored(model, batch, baseline, target);
        var line = new Line(baseline, batch, (points, copies) => LayerGradients.OfInput(model, points, known.Repeated(copies)));
        return Along(line, atInput, atBaseline, Line.Copies(model, batch), job).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Layer layer, Target target, Job job)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var start = new Suffix(model, Inputs.Baseline.Of(batch, Baseline), layer, target);
        using var end = new Suffix(model, batch, layer, target);
        var read = end.ScoresOf(end.Output);
        var known = target.FixedBy(read);
        var line = new Line(start.Output, end.Output, (points, copies) => LayerGradients.OfSuffix(end, points, known.Repeated(copies)));
        return Along(line, known.Of(read), known.Of(end.ScoresOf(start.Output)), Line.Copies(model, batch), job).MoveToOuterDisposeScope();
    }

    private Tensor Along(Line line, Tensor atInput, Tensor atBaseline, int copies, Job job)
    {
        for (var steps = Steps; ; steps *= 2)
        {
            var result = line.MeanGradient(Nodes.Of(Quadrature, steps), copies, job, Stage).mul(line.To - line.From);
            var sum = Completeness.Of(result, atInput, atBaseline);
            job.Report(Stage, steps, steps, $"{sum} with {steps} steps");
            if (Tolerance == 0 || sum.Relative <= Tolerance) return result;
            if (steps * 2 > MostSteps) throw new InputException($"Integrated gradients: {sum} after {steps} steps, above the tolerance of {100 * Tolerance:G3} %. "
                + "Raise `tolerance`, or choose `quadrature=gauss-legendre`.");
        }
    }
}
