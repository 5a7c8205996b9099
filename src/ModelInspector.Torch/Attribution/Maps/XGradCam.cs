using System.ComponentModel;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps;

/// <summary>Channels weighted by their activation-weighted mean gradient, summed.</summary>
/// <remarks>
/// Formula: ReLU(Σ_k w_k A_k(p)), w_k = Σ_p g_k A_k / (Σ_p A_k + 1e-7). Result: (samples, positions…), unit: score.
/// Cost: nothing beside the pair of activation and gradient.
/// Source: Fu et al., Axiom-based Grad-CAM, BMVC 2020, eq. 8.
/// Misleads: meant for non-negative activations: where a channel's activations sum to about zero its weight explodes.
/// </remarks>
[Method("x-grad-cam", "Fu et al., Axiom-based Grad-CAM, BMVC 2020, eq. 8", Summary = "Channels weighted by their activation-weighted mean gradient, summed.")]
public sealed record XGradCam([Description("keep or drop negative values")] Sign Variant = Sign.Relu) : ILayerMap
{
    /// <inheritdoc/>
    public Tensor Map(Tensor activation, Tensor gradient) =>
        Channels.Signed((Weights(activation, gradient) * activation).sum(1), Variant);

    // The small constant keeps silent channels from dividing by zero; it is that of the reference implementation.
    private static Tensor Weights(Tensor activation, Tensor gradient) =>
        Channels.Sum(gradient * activation) / (Channels.Sum(activation) + 1e-7);
}
