using System.ComponentModel;
using ModelInspector.Attribution.Perturbation;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace ModelInspector.Attribution.Maps;

/// <summary>What a channel masks to be given its weight.</summary>
public enum MaskedAt
{
    /// <summary>The input, as published: the whole network runs once for each channel.</summary>
    Input,

    /// <summary>The layer itself: only what follows it runs.</summary>
    Layer,
}

/// <summary>Score-CAM: channels weighted by the score of what is left when each one masks the input.</summary>
/// <remarks>
/// Formula: ReLU(Σ_k w_k A_k(p)), w = soft-max over k of s(x · M_k), M_k channel k enlarged to the input (linear, corners aligned) and brought to 0 … 1.
/// Result: (samples, positions…), unit: activation. With <c>masks=layer</c> M_k masks the layer's own output, so that only the rest of the network runs.
/// Cost: one forward for each channel, many channels in one run; no gradient. Source: Wang et al., Score-CAM, CVPR workshops 2020, eq. 2–5.
/// Misleads: the soft-max makes weights of any scores: with large scores one channel takes all, with small ones all weigh the same;
/// multiplying by zero is not neutral for normalised inputs.
/// </remarks>
[Method("score-cam", "Wang et al., Score-CAM, CVPR workshops 2020, eq. 2–5", Summary = "Channels weighted by the score of what is left when each one masks the input.")]
public sealed record ScoreCam(
    [Description("keep or drop negative values")] Sign Variant = Sign.Relu,
    [Description("what the channels mask: the input, as published, or the layer itself, which runs the rest of the network alone")] MaskedAt Masks = MaskedAt.Input) : ILayerAttribution
{
    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Layer layer, Target target, Job job)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        using var rest = new Suffix(model, batch, layer, target);
        ChannelRuns.RequireChannels(layer, rest.Value);
        var chosen = target.FixedBy(rest.Scores(rest.Value));
        var scores = Masks == MaskedAt.Layer ? AtLayer(model.Graph, rest, chosen, job) : AtInput(model, batch, layer, rest.Drawn, chosen, job);
        return Channels.Signed(ChannelRuns.Weighted(scores.softmax(1), rest.Drawn), Variant).MoveToOuterDisposeScope();
    }

    private static Tensor AtLayer(ModelGraph graph, Suffix rest, Target target, Job job) =>
        ChannelRuns.Scores(graph, rest, target, (channels, value) => value.unsqueeze(1) * Scaled(value.index_select(1, channels)).unsqueeze(2), job, "score-cam");

    private static Tensor AtInput(IModel model, Tensor batch, Layer layer, Tensor value, Target target, Job job)
    {
        if (value.Dimensions != batch.Dimensions) throw new InputException(
            $"Score-CAM enlarges channels to the input, but layer `{layer.Name}` gives ({string.Join(", ", value.shape)}). Choose a layer with rows and columns, or masks=layer.");
        return MaskedRuns.Scores(model, batch, target, (int)value.shape[1], (from, count) => Scaled(Enlarged(value.narrow(1, from, count), batch.shape[2..])).unsqueeze(2), job, "score-cam");
    }

    private static Tensor Enlarged(Tensor channels, long[] size) => F.interpolate(channels, size, align_corners: true, mode: Resize.Linear(size.Length));

    // The small constant keeps constant channels from dividing by zero; it is that of the reference implementation.
    private static Tensor Scaled(Tensor channels)
    {
        var flat = channels.flatten(2);
        var (low, high) = (flat.amin([2]), flat.amax([2]));
        long[] shape = [.. low.shape, .. channels.shape[2..].Select(_ => 1L)];
        return (channels - low.reshape(shape)) / (high - low + 1e-8).reshape(shape);
    }
}
