using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Tokens;

/// <summary>Attention rollout: how attention passes the patches on to the class token, up to a layer.</summary>
/// <remarks>
/// Formula: R = Â_l ⋯ Â_1, Â = keep · I + (1 − keep) · mean over heads of the attention; the class token's row over the patches, or the mean of all rows where
/// there is no class token. Result: (samples, rows, columns) of the patch grid, unit: share of attention. Cost: one forward.
/// Source: Abnar and Zuidema, Quantifying attention flow in transformers, ACL 2020, section 3.
/// Misleads: it is the same for every class, takes no notice of values and of what lies between attentions, and calls every head equal.
/// </remarks>
[Method("attention-rollout", "Abnar and Zuidema, Quantifying attention flow in transformers, ACL 2020, section 3", Summary = "How attention passes the patches on to the class token, up to a layer.")]
public sealed record AttentionRollout([Description("share of a token that passes beside each attention"), Range(0.0, 1.0)] double Keep = 0.5) : ILayerAttribution
{
    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Layer layer, Target target, Job job)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        if (Unfit(model.Graph, layer) is { } reason) throw new InputException(reason);
        var grid = TokenGrid.Of(model.Graph)!;
        var rollout = Rolled(model, batch, layer, grid.Patches + grid.Extra);
        var row = grid.Extra > 0 ? rollout.select(1, 0) : rollout.mean([1]);                                // (N, tokens)
        job.Report("attention-rollout", 1, 1);
        return row.narrow(1, grid.Extra, grid.Patches).reshape([batch.shape[0], .. grid.Grid]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public string? Unfit(ModelGraph graph, Layer layer) =>
        TokenGrid.Of(graph) is not { } grid ? $"{graph.Name} has no grid of patches, so attention rollout has nowhere to draw. It is for vision transformers."
        : graph.Layers.Take(graph.Layers.IndexOf(layer) + 1).Any(before => IsSoftmax(before)) ? null
        : NoAttention(grid.Patches + grid.Extra, layer);

    private Tensor Rolled(IModel model, Tensor batch, Layer until, long tokens)
    {
        Tensor? rollout = null;
        var last = model.Graph.Layers.IndexOf(until);
        var places = model.Graph.Layers.Index().ToDictionary(place => place.Item.Name, place => place.Index);
        using var outputs = model.Run(batch, (layer, _, output) =>
        {
            if (places[layer.Name] <= last && IsAttention(layer, output, tokens)) rollout = Passed(rollout, output.reshape(batch.shape[0], -1, tokens, tokens));
            return null;
        });
        return rollout ?? throw new InputException(NoAttention(tokens, until));
    }

    private Tensor Passed(Tensor? rollout, Tensor attention)
    {
        var mean = attention.mean([1]);                                                                     // (N, tokens, tokens)
        var passing = mean * (1 - Keep) + eye(mean.shape[1], dtype: mean.dtype, device: mean.device) * Keep;
        return rollout is null ? passing : passing.matmul(rollout);
    }

    private static bool IsSoftmax(Layer layer) => layer.Op is "Softmax" or "aten::softmax" or "aten::_softmax";

    private static string NoAttention(long tokens, Layer until) =>
        $"No attention over {tokens} tokens ends at or before layer `{until.Name}`. Choose a layer behind the first soft-max of an attention.";

    private static bool IsAttention(Layer layer, Tensor output, long tokens) =>
        IsSoftmax(layer) && output.Dimensions >= 3 && output.shape[^1] == tokens && output.shape[^2] == tokens;
}
