using ModelInspector.Attribution.Maps;
using ModelInspector.Attribution.Tokens;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>A layer's activation and the gradient of the target with respect to it, same shape.</summary>
public sealed record ActivationAndGradient(Layer Layer, Tensor Activation, Tensor Gradient)
{
    private const double Rounding = 1e-4;

    /// <summary>A map of the pair. A transformer's tokens are laid out on the grid of patches first, without those that are no patches, unless the map keeps the layer's shape.</summary>
    /// <param name="map">The formula.</param>
    /// <param name="grid">The network's grid of patches; null if it has none.</param>
    /// <returns>(samples, positions…), or of the layer's own shape.</returns>
    public Tensor Drawn(ILayerMap map, TokenGrid? grid) => Drawn([map], grid)[0];

    /// <summary>Maps of the pair, as if drawn one by one; all that are sums over channels are made in one reading of it.</summary>
    /// <param name="maps">The formulas.</param>
    /// <param name="grid">The network's grid of patches; null if it has none.</param>
    /// <returns>One a formula, in order.</returns>
    public IReadOnlyList<Tensor> Drawn(IReadOnlyList<ILayerMap> maps, TokenGrid? grid)
    {
        var isTokens = grid is not null && grid.Holds(Activation.shape);
        var (activation, gradient) = isTokens ? (grid!.Laid(Activation), grid.Laid(Gradient)) : (Activation, Gradient);
        var sums = new Queue<Tensor>(PairSums.Of(activation, gradient, [.. maps.OfType<ISummedMap>()]));
        return [.. maps.Select(map => map switch
        {
            ISummedMap => isTokens ? MoreThanRounding(sums.Dequeue(), activation, gradient) : sums.Dequeue(),
            { KeepsChannels: true } => map.Map(Activation, Gradient),
            _ => map.Map(activation, gradient),
        })];
    }

    // Where all that follows reads tokens through a normalisation, the score does not change with their length, so that Σ g·A is zero at each of them: what a float has of it is rounding.
    private static Tensor MoreThanRounding(Tensor sum, Tensor activation, Tensor gradient)
    {
        var terms = (gradient * activation).abs().sum(1).flatten(1).amax([1]);
        var isMore = sum.abs().flatten(1).amax([1]).gt(terms * Rounding).to(sum.dtype);
        return sum * isMore.reshape([sum.shape[0], .. sum.shape[1..].Select(_ => 1L)]);
    }
}

/// <summary>
/// (activation, gradient) of any number of layers from one forward and one backward: everything that CAM-like maps are made of.
/// </summary>
/// <remarks>
/// Nothing is differentiated before the first layer asked for: its output becomes a leaf, so the backward pass stops there.
/// Weights are frozen. Samples of a batch do not mix, so the gradient of the summed scores is each sample's own gradient
/// (batch statistics are not used: networks run as in evaluation).
/// </remarks>
public static class LayerGradients
{
    /// <summary>One forward, one backward. A layer that the target does not depend on has gradient zero.</summary>
    /// <param name="model">The network.</param>
    /// <param name="batch">(samples, channels, …).</param>
    /// <param name="layers">Layers to look at.</param>
    /// <param name="target">What is explained.</param>
    /// <param name="scores">Receives what the target reads, detached: the scores before soft-max, (samples, classes).</param>
    public static IReadOnlyList<ActivationAndGradient> Of(
        IDifferentiableModel model, Tensor batch, IReadOnlyCollection<Layer> layers, Target target, Action<Tensor>? scores = null)
    {
        using var scope = NewDisposeScope();
        using var grad = enable_grad();
        var kept = new List<(Layer Layer, Tensor Output)>();
        var wanted = layers.Select(layer => layer.Name).ToHashSet();
        var all = Readout.Of(model, batch, target, (layer, _, output) => wanted.Contains(layer.Name) ? Keep(kept, layer, output) : null);
        scores?.Invoke(all.detach());
        var gradients = At(target.Of(all).sum(), [.. kept.Select(pair => pair.Output)]);
        return [.. kept.Zip(gradients, (pair, gradient) => new ActivationAndGradient(pair.Layer, pair.Output.detach().MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope()))];
    }

    /// <summary>The gradient of the target with respect to the input batch.</summary>
    /// <param name="model">The network.</param>
    /// <param name="batch">(samples, channels, …).</param>
    /// <param name="target">What is explained.</param>
    /// <param name="tap">May put other derivatives in place of a layer's own.</param>
    public static Tensor OfInput(IDifferentiableModel model, Tensor batch, Target target, Tap? tap = null)
    {
        using var scope = NewDisposeScope();
        using var grad = enable_grad();
        var leaf = batch.detach().requires_grad_();
        return At(target.Of(Readout.Of(model, leaf, target, tap)).sum(), [leaf])[0].MoveToOuterDisposeScope();
    }

    /// <summary>The gradient of the target with respect to values put in place of a layer's output.</summary>
    /// <param name="rest">The network behind the layer.</param>
    /// <param name="values">In place of the layer's output; the batch may be a multiple of the layer's own, which is then repeated to match.</param>
    /// <param name="target">What is explained, of that many copies.</param>
    internal static Tensor OfSuffix(Suffix rest, Tensor values, Target target)
    {
        using var scope = NewDisposeScope();
        using var grad = enable_grad();
        var leaf = values.detach().requires_grad_();
        return At(target.Of(rest.ScoresOf(leaf)).sum(), [leaf])[0].MoveToOuterDisposeScope();
    }

    /// <summary>The gradients of a score with respect to some tensors, detached; zero for one that it does not depend on.</summary>
    /// <param name="score">One number.</param>
    /// <param name="places">Tensors on its way.</param>
    /// <param name="again">Whether another score of the same run is to be differentiated after this one.</param>
    internal static Tensor[] At(Tensor score, Tensor[] places, bool again = false) => !score.requires_grad
        ? [.. places.Select(place => zeros_like(place).detach())]
        : [.. autograd.grad([score], places, retain_graph: again, allow_unused: true).Zip(places, (gradient, place) => (gradient.IsInvalid ? zeros_like(place) : gradient).detach())];

    // Handing on an alias of what was kept puts the kept tensor on the path that the backward pass walks.
    internal static Tensor Keep(List<(Layer, Tensor)> kept, Layer layer, Tensor output)
    {
        var mine = output.requires_grad ? output.alias() : output.detach().requires_grad_();
        kept.Add((layer, mine));
        return mine.alias();
    }
}
