using System.ComponentModel;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace ModelInspector.Attribution.Maps;

/// <summary>Whether a map keeps its sign.</summary>
public enum Sign
{
    /// <summary>Negative values become zero, as published.</summary>
    Relu,

    /// <summary>The map before its final ReLU.</summary>
    Signed,
}

/// <summary>Grad-CAM: where the channels that the score rises with are active.</summary>
/// <remarks>
/// Formula: ReLU(Σ_k mean_p(g_k) · A_k(p)). Result: (samples, positions…), unit: score.
/// Cost: nothing beside the pair of activation and gradient.
/// Source: Selvaraju et al., ICCV 2017, eq. 1–2.
/// Misleads: the mean over positions makes a map of a shallow layer light up wherever the channel is active,
/// also where it does not matter; at depth a 4×4 grid looks precise once it is smoothed.
/// </remarks>
[Method("grad-cam", "Selvaraju et al., Grad-CAM, ICCV 2017, eq. 1–2", Summary = "Channels weighted by their mean gradient, summed.")]
public sealed record GradCam([Description("keep or drop negative values")] Sign Variant = Sign.Relu) : ISummedMap
{
    ChannelSum ISummedMap.Adds => PairSums.Channels<MeanGradient>;

    bool ISummedMap.Clips => Variant == Sign.Relu;

    /// <inheritdoc/>
    public Tensor Map(Tensor activation, Tensor gradient) => PairSums.Of(activation, gradient, this);

    private readonly struct MeanGradient : IChannelWeight
    {
        public static float Of(ReadOnlySpan<float> gradient, ReadOnlySpan<float> activation) => TensorPrimitives.Sum(gradient) / gradient.Length;
    }
}
