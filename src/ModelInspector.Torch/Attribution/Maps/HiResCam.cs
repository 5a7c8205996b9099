using System.ComponentModel;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps;

/// <summary>Gradient times activation at each position, summed over channels.</summary>
/// <remarks>
/// Formula: ReLU(Σ_k g_k(p) · A_k(p)). Result: (samples, positions…), unit: score.
/// Cost: nothing beside the pair of activation and gradient.
/// Source: Draelos and Carin, HiResCAM, 2020, eq. 3.
/// Misleads: the same numbers as SAM's default reading; faithful only at the last convolution of a network with a linear head.
/// </remarks>
[Method("hi-res-cam", "Draelos and Carin, HiResCAM, 2020, eq. 3", Summary = "Gradient times activation at each position, summed over channels.")]
public sealed record HiResCam([Description("keep or drop negative values")] Sign Variant = Sign.Relu) : ISummedMap
{
    ChannelSum ISummedMap.Adds => PairSums.Points<Product>;

    bool ISummedMap.Clips => Variant == Sign.Relu;

    /// <inheritdoc/>
    public Tensor Map(Tensor activation, Tensor gradient) => PairSums.Of(activation, gradient, this);
}
