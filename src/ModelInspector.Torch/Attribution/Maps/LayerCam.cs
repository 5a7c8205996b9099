using System.ComponentModel;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps;

/// <summary>Positive gradient times activation at each position, summed over channels.</summary>
/// <remarks>
/// Formula: ReLU(Σ_k ReLU(g_k(p)) · A_k(p)). Result: (samples, positions…), unit: score.
/// Cost: nothing beside the pair of activation and gradient.
/// Source: Jiang et al., LayerCAM, IEEE TIP 2021, eq. 6.
/// Misleads: dropping negative gradients drops the evidence against the class, also where it outweighs the evidence for it.
/// </remarks>
[Method("layer-cam", "Jiang et al., LayerCAM, IEEE TIP 2021, eq. 6", Summary = "Positive gradient times activation at each position, summed over channels.")]
public sealed record LayerCam([Description("keep or drop negative values")] Sign Variant = Sign.Relu) : ISummedMap
{
    ChannelSum ISummedMap.Adds => PairSums.Points<PositiveGradient>;

    bool ISummedMap.Clips => Variant == Sign.Relu;

    /// <inheritdoc/>
    public Tensor Map(Tensor activation, Tensor gradient) => PairSums.Of(activation, gradient, this);
}
