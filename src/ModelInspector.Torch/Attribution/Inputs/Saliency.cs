using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Inputs;

/// <summary>The size of the gradient of the score with respect to the input.</summary>
/// <remarks>
/// Formula: |∂ score / ∂ x|. Result: the batch's shape, unit: score per unit of the (normalised) input.
/// Cost: one forward, one backward. Source: Simonyan et al., 2013.
/// Misleads: noisy, and blind to direction; edges of the image light up whatever the network does.
/// </remarks>
[Method("saliency", "Simonyan et al., Deep inside convolutional networks, 2013", Summary = "How strongly the score changes with each input value.")]
public sealed record Saliency : IInputMap, IRate
{
    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job) => Map(batch, LayerGradients.OfInput(model, batch, target));

    /// <inheritdoc/>
    public Tensor Map(Tensor input, Tensor gradient) => gradient.abs();
}
