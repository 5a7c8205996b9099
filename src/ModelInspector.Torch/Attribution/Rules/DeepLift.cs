using System.ComponentModel;
using ModelInspector.Attribution.Inputs;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Rules;

/// <summary>DeepLIFT with the rescale rule: how much of the score's difference from a reference run each input's difference makes.</summary>
/// <remarks>
/// Formula: multipliers m, led back by the chain rule with Δy/Δx in place of every activation's derivative (its derivative where Δx is zero); result
/// m · (x − x₀). A maximum gives to the winners of both runs; a product the mean of the other factor; any other operation its derivative
/// averaged over the straight path between both runs. Result: the input's or the layer's shape, unit: score. The sum is the score at x minus that at x₀; its error is told.
/// Cost: one forward of the input and of the reference, and about two more runs of every layer to lead back.
/// Source: Shrikumar et al., Learning important features through propagating activation differences, ICML 2017, section 3.5.1.
/// Misleads: what equals the reference gets nothing; gates and attention are shared out by convention.
/// </remarks>
[Method("deep-lift", "Shrikumar et al., Learning important features through propagating activation differences, ICML 2017, section 3.5.1",
    Summary = "Each input's part in the score's difference from a reference run, led back layer by layer.")]
public sealed record DeepLift([Description(Inputs.Baseline.Summary)] double Baseline = 0) : IAttribution, ILayerAttribution
{
    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job) => Led(model, batch, null, target, job);

    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Layer layer, Target target, Job job) => Led(model, batch, layer, target, job);

    private Tensor Led(IDifferentiableModel model, Tensor batch, Layer? layer, Target target, Job job)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var steps = Explained.Recordable(model, "DeepLIFT");
        using var here = steps.Record(batch);
        using var there = steps.Record(Inputs.Baseline.Of(batch, Baseline));
        var explained = Explained.In(here, model.Graph, target, layer);
        var reference = (Tensor)there.Value(explained.From)!;
        var way = new WayBack(here, (index, outputs) => Multipliers.Pull(here.Steps[index], there.Steps[index], outputs));
        var difference = (Tensor)here.Value(explained.To)! - (Tensor)there.Value(explained.To)!;
        var multiplier = way.Lead(explained.From, Averaged(explained, reference), explained.To, job, "deep-lift");
        var result = multiplier is null ? zeros_like(difference) : multiplier * difference;
        job.Report("deep-lift", 1, 1, Completeness.Of(result, explained.Score(explained.Value), explained.Score(reference)).ToString());
        return result.MoveToOuterDisposeScope();
    }

    // A target that is no sum of scores (a probability) gets its derivative's mean on the way, so that it adds up too.
    private static Tensor Averaged(Explained explained, Tensor reference)
    {
        var nodes = Nodes.Of(Quadrature.GaussLegendre, 16);
        return nodes.Points.Zip(nodes.Weights, (at, weight) => explained.SlopeAt(reference + at * (explained.Value - reference)) * weight).Aggregate((left, right) => left + right);
    }
}
