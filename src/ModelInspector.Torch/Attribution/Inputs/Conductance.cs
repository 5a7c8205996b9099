using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Inputs;

/// <summary>Which gradient stands for a step of a path.</summary>
public enum StepRule
{
    /// <summary>The mean of those at its two ends.</summary>
    Trapezoid,

    /// <summary>The one at its beginning, as captum takes it.</summary>
    Left,

    /// <summary>The one at its end.</summary>
    Right,
}

/// <summary>Conductance: how much of the score's change on the way from a baseline flows through each unit of a layer.</summary>
/// <remarks>
/// Formula: Σ_t ½ (g(x_t) + g(x_{t+1})) · (A(x_{t+1}) − A(x_t)), g = ∂ score / ∂A, over equal steps of the input from x₀ to x. Result: the layer's shape, unit: score.
/// The sum over a layer that nothing jumps over is the score's difference but for the steps' error; what it lacks is told, and holds what flows past the layer where something does.
/// Cost: a forward and a truncated backward per step; several steps share a run.
/// Source: Dhamdhere et al., How important is a neuron, ICLR 2019, eq. 2, in the form of Shrikumar et al., 2018, eq. 4.
/// Misleads: as integrated gradients: the path leaves the data, and what does not change on it gets nothing.
/// </remarks>
[Method("conductance", "Dhamdhere et al., How important is a neuron, ICLR 2019, eq. 2; Shrikumar et al., 2018, eq. 4",
    Summary = "The part of the score's change that flows through each unit of a layer, on the way from a baseline.")]
public sealed record Conductance(
    [Description("steps on the path"), Range(1, 100_000)] int Steps = 64,
    [Description("which gradient stands for a step: the mean of both ends', the first as captum has it, or the last")] StepRule Quadrature = StepRule.Trapezoid,
    [Description(Inputs.Baseline.Summary)] double Baseline = 0) : ILayerAttribution
{
    private const string Stage = "conductance";

    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Layer layer, Target target, Job job)
    {
        using var scope = NewDisposeScope();
        var points = Enumerable.Range(0, Steps + 1).Select(i => (double)i / Steps).ToArray();
        var path = new LayerPath(model, batch, Baseline, layer, target);
        Tensor? sum = null, activation = null, gradient = null, atBaseline = null, atInput = null;
        foreach (var (first, some) in path.Groups(points.Length, job, Stage))
        {
            using var inner = NewDisposeScope();
            var (pair, scores) = path.At(points[first..(first + some)]);
            var a = activation is null ? pair.Activation : cat([activation, pair.Activation], 1); // (samples, points, …)
            var g = gradient is null ? pair.Gradient : cat([gradient, pair.Gradient], 1);
            var (steps, last) = (a.shape[1] - 1, a.shape[1] - 1);
            var part = (Slopes(g, steps) * (a.narrow(1, 1, steps) - a.narrow(1, 0, steps))).sum(1);
            sum = (sum is null ? part : sum + part).MoveToOuterDisposeScope();
            (activation, gradient) = (a.narrow(1, last, 1).clone().MoveToOuterDisposeScope(), g.narrow(1, last, 1).clone().MoveToOuterDisposeScope());
            atBaseline ??= scores.select(1, 0).clone().MoveToOuterDisposeScope();
            atInput = scores.select(1, some - 1).clone().MoveToOuterDisposeScope();
        }
        job.Report(Stage, points.Length, points.Length, Completeness.Of(sum!, atInput!, atBaseline!).ToString());
        return sum!.MoveToOuterDisposeScope();
    }

    private Tensor Slopes(Tensor gradients, long steps) => Quadrature switch
    {
        StepRule.Left => gradients.narrow(1, 0, steps),
        StepRule.Right => gradients.narrow(1, 1, steps),
        _ => (gradients.narrow(1, 0, steps) + gradients.narrow(1, 1, steps)) / 2,
    };
}
