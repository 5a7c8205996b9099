using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Inputs;

/// <summary>Deconvnet: the network run backwards, with a ReLU on what comes back in place of each ReLU's derivative.</summary>
/// <remarks>
/// Formula: the chain rule with R · 1[R &gt; 0] in place of every ReLU's derivative. Result: the input's shape, without a unit.
/// Cost: one forward, one backward. ReLUs are replaced for this one run, each call of a shared one too. Source: Zeiler and Fergus, ECCV 2014, section 2.1.
/// Misleads: in a network without max pools it does not depend on the image at all.
/// </remarks>
[Method("deconvnet", "Zeiler and Fergus, Visualizing and understanding convolutional networks, ECCV 2014, section 2.1", Summary = "The network run backwards, keeping what comes back as positive.")]
public sealed record Deconvnet : IAttribution, IRate
{
    /// <inheritdoc/>
    /// <exception cref="InputException">The network has no ReLU.</exception>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job) =>
        Rectifiers.Gradient(model, batch, target, x => Rectifiers.Deconvolved.apply(x), "deconvnet");
}
