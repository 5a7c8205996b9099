using System.ComponentModel;
using ModelInspector.Attribution.Perturbation;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps;

/// <summary>What a channel is set to where it is taken away.</summary>
public enum AblatedTo
{
    /// <summary>Zero, as published.</summary>
    Zero,

    /// <summary>Far below everything, where the layer has negative values: 10⁷, 2·10⁷ … 32·10⁷ less than the sample's smallest value, as pytorch-grad-cam does.</summary>
    FarBelow,
}

/// <summary>Ablation-CAM: channels weighted by how much of the score is lost without them.</summary>
/// <remarks>
/// Formula: ReLU(Σ_k w_k A_k(p)), w_k = (s − s_k) / s, s_k the score with channel k set to zero. Result: (samples, positions…), unit: activation.
/// Cost: one forward up to the layer, and one of the rest of the network for each channel, many channels in one run; no gradient.
/// Source: Desai and Ramaswamy, Ablation-CAM, WACV 2020, eq. 5–6.
/// Misleads: a negative score turns every weight round; zero is not "absent" for a channel whose values can be negative, and two channels that
/// stand in for each other both look useless. <c>ablated=far-below</c> makes a channel's weight grow with its place among 32, where nothing cuts negative
/// values off: it is there to compare with pytorch-grad-cam.
/// </remarks>
[Method("ablation-cam", "Desai and Ramaswamy, Ablation-CAM, WACV 2020, eq. 5–6", Summary = "Channels weighted by how much of the score is lost without them.")]
public sealed record AblationCam(
    [Description("keep or drop negative values")] Sign Variant = Sign.Relu,
    [Description("what a channel is set to: zero, as published, or far below everything where the layer has negative values")] AblatedTo Ablated = AblatedTo.Zero) : ILayerAttribution
{
    private const long PeersBatch = 32;

    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Layer layer, Target target, Job job)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        using var rest = new Suffix(model, batch, layer, target);
        ChannelRuns.RequireChannels(layer, rest.Value);
        var scores = rest.Scores(rest.Value);
        var chosen = target.FixedBy(scores);
        var whole = chosen.Of(scores);                                                                      // (N)
        var without = ChannelRuns.Scores(model.Graph, rest, chosen, Without, job, "ablation-cam");
        return Channels.Signed(ChannelRuns.Weighted((whole.unsqueeze(1) - without) / Divisor(whole), rest.Drawn), Variant).MoveToOuterDisposeScope();
    }

    private Tensor Without(Tensor channels, Tensor value)
    {
        var taken = zeros([channels.shape[0], value.shape[1]], ScalarType.Bool, value.device).scatter(1, channels.unsqueeze(1), ones([channels.shape[0], 1], ScalarType.Bool, value.device));
        var wide = taken.reshape([1, .. taken.shape, .. value.shape[2..].Select(_ => 1L)]);
        return where(wide, Replacement(channels, value), value.unsqueeze(1));                               // (N, channels, C, …)
    }

    // One value for each sample and channel that is taken away.
    private Tensor Replacement(Tensor channels, Tensor value)
    {
        if (Ablated == AblatedTo.Zero) return zeros([1], value.dtype, value.device);
        var least = value.flatten(1).amin([1]).unsqueeze(1);                                                // (N, 1)
        var below = least - channels.remainder(PeersBatch).add(1).mul(1e7).to(value.dtype).unsqueeze(0);    // (N, channels)
        return where(least == 0, zeros_like(below), below).reshape([.. below.shape, 1, .. value.shape[2..].Select(_ => 1L)]);
    }

    private static Tensor Divisor(Tensor whole) => (whole == 0).any().item<bool>()
        ? throw new InputException("Ablation-CAM divides by the score, and the score of a sample is exactly 0. Choose another target, or grad-cam.")
        : whole.unsqueeze(1);
}
