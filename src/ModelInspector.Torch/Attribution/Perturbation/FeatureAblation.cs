using System.ComponentModel;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation;

/// <summary>How much of the score is lost without each part of the input, or of a layer.</summary>
/// <remarks>
/// Formula: s(x) − s(x with the part set to the baseline), drawn at each position of the part. Result: the batch's shape, or the layer's, unit: score.
/// Cost: one forward for each part, at a layer of what follows it, many parts in one run; no gradient. Source: Zeiler and Fergus, ECCV 2014, section 4.2, with any parts.
/// Misleads: parts that stand in for each other all look useless, and an input with a part cut out is unlike anything the network was trained on.
/// </remarks>
[Method("feature-ablation", "Zeiler and Fergus, Visualizing and understanding convolutional networks, ECCV 2014, section 4.2", Summary = "How much of the score is lost without each part of the input.")]
public sealed record FeatureAblation(
    [Description("parts of the input or layer: " + Players.Summary)] string Players = "grid:8",
    [Description("value that is put in, in the network's (normalised) units")] double Baseline = 0) : IAttribution, ILayerAttribution
{
    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return Lost(Game.Of(model, batch, target, Players, Baseline), job).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Layer layer, Target target, Job job)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        using var rest = new Suffix(model, batch, layer, target);
        return rest.AsOutput(Lost(Game.Of(model.Graph, rest, target, Players, Baseline), job)).MoveToOuterDisposeScope();
    }

    private static Tensor Lost(Game game, Job job)
    {
        var without = game.Worth(game.Players.Count, (from, count) => 1 - eye(game.Players.Count, device: game.Values.device).narrow(0, from, count), job, "feature-ablation");
        return game.Drawn(game.Whole.unsqueeze(1) - without);
    }
}
