using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps;

/// <summary>Gradient times activation, value by value: not summed over channels.</summary>
/// <remarks>
/// Formula: g · A. Result: the layer's own shape, unit: score. For a network that is linear after the layer the values add up to the score
/// (without its constant).
/// Cost: nothing beside the pair of activation and gradient.
/// Source: Shrikumar et al., 2016 (gradient × input), applied at a layer.
/// Misleads: a saturated unit has gradient zero and vanishes although the decision rests on it.
/// </remarks>
[Method("gradient-times-activation", "Shrikumar et al., Not just a black box, 2016", Summary = "Gradient times activation, value by value.")]
public sealed record GradientTimesActivation : ILayerMap
{
    /// <inheritdoc/>
    public bool KeepsChannels => true;

    /// <inheritdoc/>
    public Tensor Map(Tensor activation, Tensor gradient) => gradient * activation;
}
