using System.ComponentModel;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps;

/// <summary>Channels weighted by their positive gradients with second-order factors, summed.</summary>
/// <remarks>
/// Formula: ReLU(Σ_k w_k A_k(p)), w_k = Σ_p α_k(p) ReLU(g_k(p)), α = g² / (2 g² + (Σ_p A_k) g³ + 1e-6). Result: (samples, positions…), no unit.
/// Cost: nothing beside the pair of activation and gradient.
/// Source: Chattopadhyay et al., Grad-CAM++, WACV 2018, eq. 19.
/// Misleads: the derivation assumes an exponential score; in practice it is close to Grad-CAM with positive weights only.
/// </remarks>
[Method("grad-cam-plus-plus", "Chattopadhyay et al., Grad-CAM++, WACV 2018, eq. 19", Summary = "Channels weighted by their positive gradients with second-order factors, summed.")]
public sealed record GradCamPlusPlus([Description("keep or drop negative values")] Sign Variant = Sign.Relu) : ILayerMap
{
    /// <inheritdoc/>
    public Tensor Map(Tensor activation, Tensor gradient)
    {
        var square = gradient * gradient;
        var alpha = square / (2 * square + Channels.Sum(activation) * square * gradient + 1e-6);
        var weights = Channels.Sum(alpha.masked_fill(gradient == 0, 0) * gradient.relu());
        return Channels.Signed((weights * activation).sum(1), Variant);
    }
}
