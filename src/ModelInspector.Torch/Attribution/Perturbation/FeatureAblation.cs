using System.ComponentModel;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation;

/// <summary>How much of the score is lost without each part of the input.</summary>
/// <remarks>
/// Formula: s(x) − s(x with the part set to the baseline), drawn at each position of the part. Result: the batch's shape, unit: score.
/// Cost: one forward for each part, many parts in one run; no gradient. Source: Zeiler and Fergus, ECCV 2014, section 4.2, with any parts.
/// Misleads: parts that stand in for each other all look useless, and an input with a part cut out is unlike anything the network was trained on.
/// </remarks>
[Method("feature-ablation", "Zeiler and Fergus, Visualizing and understanding convolutional networks, ECCV 2014, section 4.2", Summary = "How much of the score is lost without each part of the input.")]
public sealed record FeatureAblation(
    [Description("parts of the input: " + Players.Summary)] string Players = "grid:8",
    [Description("value that is put in, in the network's (normalised) units")] double Baseline = 0) : IAttribution
{
    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var (players, game) = Game.Of(model, batch, target, Players, Baseline);
        var without = game.Values(players.Count, (from, count) => 1 - eye(players.Count, device: batch.device).narrow(0, from, count), job, "feature-ablation");
        return players.Drawn(game.Whole.unsqueeze(1) - without, batch).MoveToOuterDisposeScope();
    }
}
