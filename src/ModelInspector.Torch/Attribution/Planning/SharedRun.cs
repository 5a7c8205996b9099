using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Planning;

/// <summary>One forward for all targets that read the same place, and one truncated backward for each.</summary>
internal static class SharedRun
{
    /// <param name="model">The network.</param>
    /// <param name="batch">(samples, channels, …).</param>
    /// <param name="layers">Layers to look at.</param>
    /// <param name="input">Whether the gradient of the input is wanted too; the backward then runs through the whole network.</param>
    /// <param name="targets">What is explained.</param>
    /// <param name="each">Told of each target: its number, the layers' pairs in the network's order, and the input's gradient. They live during the call only.</param>
    public static void Each(
        IDifferentiableModel model,
        Tensor batch,
        IReadOnlyCollection<Layer> layers,
        bool input,
        IReadOnlyList<Target> targets,
        Action<int, IReadOnlyList<ActivationAndGradient>, Tensor?> each)
    {
        var wanted = layers.Select(layer => layer.Name).ToHashSet();
        foreach (var place in targets.Index().GroupBy(target => (target.Item.ReadsLayer, target.Item.ReadsOutput)))
        {
            using var scope = NewDisposeScope();
            using var grad = enable_grad();
            var kept = new List<(Layer Layer, Tensor Output)>();
            var leaf = input ? batch.detach().requires_grad_() : batch;
            var read = Readout.Of(model, leaf, place.First().Item, (layer, _, output) => wanted.Contains(layer.Name) ? LayerGradients.Keep(kept, layer, output) : null);
            foreach (var (index, target) in place) Differentiate(target.Of(read).sum(), kept, input ? leaf : null, (pairs, gradient) => each(index, pairs, gradient));
        }
    }

    private static void Differentiate(Tensor score, List<(Layer Layer, Tensor Output)> kept, Tensor? leaf, Action<IReadOnlyList<ActivationAndGradient>, Tensor?> told)
    {
        using var scope = NewDisposeScope();
        Tensor[] at = [.. kept.Select(pair => pair.Output), .. leaf is null ? Array.Empty<Tensor>() : [leaf]];
        var known = LayerGradients.At(score, at, again: true);
        using var quiet = no_grad();
        told([.. kept.Zip(known, (pair, gradient) => new ActivationAndGradient(pair.Layer, pair.Output.detach(), gradient))], leaf is null ? null : known[^1]);
    }
}
