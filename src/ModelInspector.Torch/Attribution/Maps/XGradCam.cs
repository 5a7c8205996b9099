using System.ComponentModel;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ModelInspector.Attribution.Maps;

/// <summary>Channels weighted by their activation-weighted mean gradient, summed.</summary>
/// <remarks>
/// Formula: ReLU(Σ_k w_k A_k(p)), w_k = Σ_p g_k A_k / (Σ_p A_k + 1e-7). Result: (samples, positions…), unit: score.
/// Cost: nothing beside the pair of activation and gradient.
/// Source: Fu et al., Axiom-based Grad-CAM, BMVC 2020, eq. 8.
/// Misleads: meant for non-negative activations: where a channel's activations sum to about zero its weight explodes.
/// </remarks>
[Method("x-grad-cam", "Fu et al., Axiom-based Grad-CAM, BMVC 2020, eq. 8", Summary = "Channels weighted by their activation-weighted mean gradient, summed.")]
public sealed record XGradCam([Description("keep or drop negative values")] Sign Variant = Sign.Relu) : ISummedMap
{
    ChannelSum ISummedMap.Adds => PairSums.Channels<MeanByActivation>;

    bool ISummedMap.Clips => Variant == Sign.Relu;

    /// <inheritdoc/>
    public Tensor Map(Tensor activation, Tensor gradient) => PairSums.Of(activation, gradient, this);

    private readonly struct MeanByActivation : IChannelWeight
    {
        // The small constant keeps silent channels from dividing by zero; it is that of the reference implementation.
        public static float Of(ReadOnlySpan<float> gradient, ReadOnlySpan<float> activation) =>
            TensorPrimitives.Dot(gradient, activation) / (TensorPrimitives.Sum(activation) + 1e-7f);
    }
}
