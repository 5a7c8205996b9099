using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Inputs;

/// <summary>The input times the gradient of the score with respect to it.</summary>
/// <remarks>
/// Formula: x · ∂ score / ∂ x. Result: the batch's shape, unit: score.
/// Cost: one forward, one backward. Source: Shrikumar et al., 2016.
/// Misleads: values at the normalisation's zero get no attribution whatever they mean.
/// </remarks>
[Method("input-times-gradient", "Shrikumar et al., Not just a black box, 2016", Summary = "Input times gradient, value by value.")]
public sealed record InputTimesGradient : IInputMap
{
    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job) => Map(batch, LayerGradients.OfInput(model, batch, target));

    /// <inheritdoc/>
    public Tensor Map(Tensor input, Tensor gradient) => input * gradient;
}
