using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Inputs;

/// <summary>Guided backpropagation: the gradient without what any ReLU on the way passes back as negative.</summary>
/// <remarks>
/// Formula: the chain rule with R · 1[R &gt; 0] · 1[A &gt; 0] in place of every ReLU's derivative. Result: the input's shape, without a unit.
/// Cost: one forward, one backward. ReLUs are replaced for this one run, each call of a shared one too. Source: Springenberg et al., 2015, section 3.4.
/// Misleads: it restores edges of the image almost whatever the network has learned, and hardly changes when upper layers are randomised
/// (Adebayo et al., NeurIPS 2018): sharp is not faithful.
/// </remarks>
[Method("guided-backprop", "Springenberg et al., Striving for simplicity, ICLR workshop 2015, section 3.4", Summary = "The gradient without what any ReLU passes back as negative.")]
public sealed record GuidedBackprop : IAttribution, IRate
{
    /// <inheritdoc/>
    /// <exception cref="InputException">The network has no ReLU.</exception>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job) =>
        Rectifiers.Gradient(model, batch, target, x => Rectifiers.Guided.apply(x), "guided backpropagation");
}
