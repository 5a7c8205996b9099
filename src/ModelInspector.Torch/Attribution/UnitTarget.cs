using System.Collections.Immutable;
using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>One unit of a layer, in place of the network's answer: what makes this neuron or channel respond.</summary>
/// <param name="At">The layer.</param>
/// <param name="Channel">Its channel: the first axis after that of the samples.</param>
/// <param name="Position">Where in the channel, one number for each further axis; none for the mean over all positions.</param>
public sealed record UnitTarget(string At, long Channel, params ImmutableArray<long> Position) : Target
{
    /// <inheritdoc/>
    public override string Name => $"channel {Channel} of layer {At}" + (Position.IsEmpty ? ", mean over positions" : $" at ({string.Join(", ", Position)})");

    /// <inheritdoc/>
    public override string ReadsLayer => At;

    /// <inheritdoc/>
    /// <exception cref="InputException">The layer has no such unit.</exception>
    public override Tensor Of(Tensor scores) =>
        Position.IsEmpty && scores.Dimensions > 2
            ? Element.Of(scores.flatten(2).mean([2]), [Channel], $"Layer {At}, averaged over positions,")
            : Element.Of(scores, [Channel, .. Position], $"Layer {At}");
}
