using System.ComponentModel;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps;

/// <summary>Readings of FullGrad.</summary>
public enum FullGradVariant
{
    /// <summary>Sizes, each layer's brought to 0 … 1, then added: as published.</summary>
    Rescaled,

    /// <summary>Signed terms, added as they are: they sum to the score.</summary>
    Signed,
}

/// <summary>FullGrad: input times gradient, and every layer's constants times their gradient.</summary>
/// <remarks>
/// Formula: x · ∂s/∂x + Σ_l b_l · ∂s/∂b_l, b_l the constants of convolutions, batch norms and additions, drawn at the layer's positions and enlarged
/// linearly. Result: the batch's shape; what belongs to no channel of the input is shared among them equally, so the sum over channels is the map.
/// Unit: score for <c>variant=signed</c>, whose sum is the score without the constants of layers that have no positions, for networks of convolutions,
/// ReLU and pools: what is missing from that sum is told; without unit for <c>variant=rescaled</c>, where |·| of each layer is brought to 0 … 1 first.
/// Cost: one forward, one backward. Source: Srinivas and Fleuret, Full-gradient representation, NeurIPS 2019, section 4.
/// Misleads: the published form gives every layer the same weight, whatever it adds to the score.
/// </remarks>
[Method("full-grad", "Srinivas and Fleuret, Full-gradient representation, NeurIPS 2019, section 4", Summary = "Input times gradient plus every layer's constants times their gradient.")]
public sealed record FullGrad([Description("sizes, layer by layer brought to 0 … 1, or signed terms that sum to the score")] FullGradVariant Variant = FullGradVariant.Rescaled) : IAttribution
{
    /// <inheritdoc/>
    /// <exception cref="InputException">A layer keeps its weights to itself, so that its constants are not known.</exception>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job)
    {
        RequireWeights(model.Graph);
        using var scope = NewDisposeScope();
        using var grad = enable_grad();
        var leaf = batch.detach().requires_grad_();
        var constants = new List<(Tensor Output, Tensor Constant)>();
        var scores = target.Of(Readout.Of(model, leaf, target, (layer, inputs, output) => Keep(constants, layer, inputs, output)));
        var gradients = autograd.grad([scores.sum()], [leaf, .. constants.Select(pair => pair.Output)], allow_unused: true);
        using var quiet = no_grad();
        var (map, elsewhere) = (Term(batch * gradients[0]), zeros_like(scores));
        foreach (var ((_, constant), gradient) in constants.Zip(gradients.Skip(1)))
        {
            if (gradient.IsInvalid) continue;
            if (gradient.Dimensions == batch.Dimensions) map = map + Spread(Term(constant * gradient).sum(1, keepdim: true), batch);
            else elsewhere = elsewhere + (constant * gradient).flatten(1).sum(1);
        }
        job.Report("full-grad", 1, 1, Variant == FullGradVariant.Signed ? Completeness.Of(map, scores.detach(), elsewhere).ToString() : null);
        return map.MoveToOuterDisposeScope();
    }

    // A network that is TorchSharp code shows what its modules give, but not their weights.
    private static void RequireWeights(ModelGraph graph)
    {
        if (graph.Format == "TorchSharp" && graph.Layers.FirstOrDefault(layer => layer.Parameters > 0) is { } hidden) throw new InputException(
            $"FullGrad needs the constants of every layer, and layer `{hidden.Name}` ({hidden.Op}) keeps its weights to itself. Export the network to ONNX, or use input-times-gradient, which needs no constants.");
    }

    private static Tensor? Keep(List<(Tensor, Tensor)> constants, Layer layer, ReadOnlySpan<Tensor> inputs, Tensor output)
    {
        if (!output.requires_grad || Constant(layer, inputs, output) is not { } constant) return null;
        var mine = output.alias();
        constants.Add((mine, constant.detach()));
        return mine.alias();
    }

    private static Tensor? Constant(Layer layer, ReadOnlySpan<Tensor> inputs, Tensor output) => layer.Op switch
    {
        var op when Convolutions.Have(op) && inputs.Length > 2 => inputs[2].reshape([1, -1, .. output.shape[2..].Select(_ => 1L)]),
        "Gemm" or "aten::linear" when inputs.Length > 2 => inputs[2],
        "aten::addmm" when inputs.Length > 2 => inputs[0],
        "BatchNormalization" or "aten::batch_norm" when inputs[0].requires_grad => output - inputs[0] * Slope(output, inputs[0]),
        "Add" or "aten::add" or "aten::add_" when inputs.Length == 2 && inputs[0].requires_grad != inputs[1].requires_grad =>
            inputs[0].requires_grad ? inputs[1] : inputs[0],
        _ => null,
    };

    // A batch norm in evaluation scales each value by itself, so the gradient of the sum is the scale.
    private static Tensor Slope(Tensor output, Tensor input) => autograd.grad([output.sum()], [input], retain_graph: true)[0];

    private Tensor Term(Tensor product)
    {
        if (Variant == FullGradVariant.Signed) return product;
        var flat = product.abs().flatten(1);
        var (low, high) = (flat.amin([1], keepdim: true), flat.amax([1], keepdim: true));
        return ((flat - low) / (high - low).clamp_min(1e-30)).reshape(product.shape);
    }

    private Tensor Spread(Tensor map, Tensor batch)
    {
        var enlarged = Resize.To(map.squeeze(1), batch.shape[2..]).unsqueeze(1);
        return (Variant == FullGradVariant.Signed ? Conserved(enlarged, map) : enlarged) / batch.shape[1];
    }

    // Enlarging conserves the mean; what rounding at the borders takes or adds is given back evenly.
    private static Tensor Conserved(Tensor enlarged, Tensor map)
    {
        var (positions, cells) = (enlarged[0].numel(), map[0].numel());
        var scaled = enlarged * (cells / (double)positions);
        long[] axes = [.. Enumerable.Range(1, (int)map.Dimensions - 1).Select(axis => (long)axis)];
        return scaled + (map.sum(axes, keepdim: true) - scaled.sum(axes, keepdim: true)) / positions;
    }
}
