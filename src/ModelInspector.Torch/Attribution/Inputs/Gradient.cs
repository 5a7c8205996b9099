using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Inputs;

/// <summary>The gradient of the score with respect to the input.</summary>
/// <remarks>
/// Formula: ∂ score / ∂ x. Result: the batch's shape, unit: score per unit of the (normalised) input.
/// Cost: one forward, one backward. Source: Baehrens et al., JMLR 2010.
/// Misleads: it says what a tiny change would do, not what the present value does.
/// </remarks>
[Method("gradient", "Baehrens et al., JMLR 2010", Summary = "How the score changes with each input value.")]
public sealed record Gradient : IInputMap, IRate
{
    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job) => Map(batch, LayerGradients.OfInput(model, batch, target));

    /// <inheritdoc/>
    public Tensor Map(Tensor input, Tensor gradient) => gradient.alias();
}
