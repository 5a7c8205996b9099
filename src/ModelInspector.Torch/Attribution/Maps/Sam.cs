using System.ComponentModel;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps;

/// <summary>Readings of the saliency activation map.</summary>
public enum SamVariant
{
    /// <summary>ReLU(Σ_k g_k·A_k).</summary>
    ReluAfterSum,

    /// <summary>Σ_k g_k·A_k.</summary>
    Signed,

    /// <summary>Σ_k ReLU(g_k·A_k).</summary>
    ReluBeforeSum,

    /// <summary>Σ_k ReLU(g_k)·A_k, which is LayerCAM before its ReLU.</summary>
    ReluGradient,

    /// <summary>Σ_k |g_k·A_k|.</summary>
    Absolute,
}

/// <summary>SAM, the saliency activation map: gradient times activation, position by position, summed over channels.</summary>
/// <remarks>
/// Formula (default): ReLU(Σ_k g_k(p) · A_k(p)). Result: (samples, positions…), unit: score.
/// Cost: nothing beside the pair of activation and gradient.
/// Source: Philbrick et al., American Journal of Roentgenology 2018; the formula is not in open text, so the reading used is named.
/// At the layer that feeds global average pooling and a linear head SAM equals Grad-CAM exactly: there every position has
/// the same gradient, so that g_k(p) = mean_p(g_k).
/// Not to be confused with "segment anything" or "soft activation mapping", which share the abbreviation.
/// Misleads: its high specificity at shallow layers is partly sparsity, so read it beside its sensitivity. Where all that follows reads a transformer's tokens through a layer norm it is zero, whatever the tokens do.
/// </remarks>
[Method("sam", "Philbrick et al., saliency activation maps (SAM), AJR 2018", Summary = "Gradient times activation at each position, summed over channels.")]
public sealed record Sam([Description("which reading of the formula")] SamVariant Variant = SamVariant.ReluAfterSum) : ISummedMap
{
    ChannelSum ISummedMap.Adds => Variant switch
    {
        SamVariant.ReluBeforeSum => PairSums.Points<PositiveProduct>,
        SamVariant.ReluGradient => PairSums.Points<PositiveGradient>,
        SamVariant.Absolute => PairSums.Points<AbsoluteProduct>,
        _ => PairSums.Points<Product>,
    };

    bool ISummedMap.Clips => Variant == SamVariant.ReluAfterSum;

    /// <inheritdoc/>
    public Tensor Map(Tensor activation, Tensor gradient) => PairSums.Of(activation, gradient, this);
}
