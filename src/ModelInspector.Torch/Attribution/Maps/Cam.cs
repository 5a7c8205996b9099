using System.ComponentModel;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps;

/// <summary>CAM, the class activation map: the head's own weights put on the features before they are pooled.</summary>
/// <remarks>
/// Formula: ReLU(Σ_k w_k A_k(p)), w the weights that the linear head gives the pooled channels for the target. Result:
/// (samples, positions…), unit: score; the signed map's mean over positions is the score without its constant. Where both exist it is
/// Grad-CAM times the number of positions.
/// Cost: one forward, and one backward through the head alone. Source: Zhou et al., CVPR 2016, eq. 1–3.
/// Only for networks that end in global average pooling and a linear head, and there only at the layer that is pooled; everything else is refused.
/// Misleads: as coarse as the last layer, whose units see far more than the cell they are drawn in.
/// </remarks>
[Method("cam", "Zhou et al., Learning deep features for discriminative localization, CVPR 2016, eq. 1–3", Summary = "The head's weights put on the features before they are pooled.")]
public sealed record Cam([Description("keep or drop negative values")] Sign Variant = Sign.Relu) : ILayerAttribution
{
    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Layer layer, Target target, Job job)
    {
        if (Unfit(model.Graph, layer) is { } reason) throw new InputException(reason);
        var head = PooledHead.Of(model.Graph);
        using var scope = NewDisposeScope();
        var pairs = LayerGradients.Of(model, batch, [head.Features, head.Pool], target);
        var (features, pooled) = (pairs[0].Activation, pairs[1]);
        RequireMean(features, pooled);
        var weights = pooled.Gradient.reshape([.. features.shape[..2], .. features.shape[2..].Select(_ => 1L)]);     // (N, C, 1…)
        return Channels.Signed((weights * features).sum(1), Variant).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public string? Unfit(ModelGraph graph, Layer layer)
    {
        try
        {
            var features = PooledHead.Of(graph).Features.Name;
            return layer.Name == features ? null : $"CAM is defined at the layer that feeds global average pooling: `{features}`, not `{layer.Name}`. Choose that layer, or grad-cam.";
        }
        catch (InputException error)
        {
            return error.Message;
        }
    }

    // The same operators also average over other axes, or over a part of the positions.
    private static void RequireMean(Tensor features, ActivationAndGradient pooled)
    {
        var mean = Channels.Mean(features).flatten(1);
        if (!pooled.Activation.flatten(1).shape.SequenceEqual(mean.shape) || !pooled.Activation.flatten(1).allclose(mean, 1e-3, 1e-4))
            throw new InputException($"CAM needs the mean over all positions before the head, but layer `{pooled.Layer.Name}` gives something else. Use grad-cam.");
    }
}
