using System.Collections.Immutable;
using static TorchSharp.torch;

namespace ModelInspector.Models.Costs;

/// <summary>Follows one run and finds, for every layer, what it costs and what its positions see of the first input.</summary>
internal sealed class SightTracer : IWatcher
{
    // By reference: one object is one value of the run.
    private readonly Dictionary<Tensor, Sight> sights = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, LayerCost> found = [];
    private ImmutableArray<int> positions = [];

    /// <summary>By layer name; times are left out.</summary>
    public IReadOnlyDictionary<string, LayerCost> Found => found;

    /// <inheritdoc/>
    public void Begins(Tensor[] inputs)
    {
        sights[inputs[0]] = Sight.Input((int)inputs[0].Dimensions);
        positions = Positions(inputs[0].shape);
    }

    /// <inheritdoc/>
    public void Ran(ProgramStep step, object?[] inputs, object?[] outputs, TimeSpan time)
    {
        using var scope = NewDisposeScope();
        ImmutableArray<Seen> from = [.. Seen.Tensors(inputs).Select(tensor => new Seen(tensor, sights.GetValueOrDefault(tensor)))];
        var products = 0L;
        foreach (var (index, output) in Seen.Tensors(outputs).Index()) products += Follow(step, inputs, from, index, output);
        if (step.Layer is { } layer && outputs.FirstOrDefault() is Tensor first)
            found[layer.Name] = new LayerCost(layer, [.. first.shape], products, first.numel() * first.element_size(), FieldOf(first), default);
    }

    private long Follow(ProgramStep step, object?[] inputs, ImmutableArray<Seen> from, int index, Tensor output)
    {
        var reach = step.Tell?.Invoke(inputs, output) ?? new Reach.Everything();
        if (from.All(seen => seen.Sight is null)) return reach.MultiplyAdds;
        var passage = new Passage(from, output, by => Seen.Tensors(step.Kernel(Seen.Replaced(inputs, by))).ElementAt(index));
        if (reach.Through(passage) is { } sight) sights[output] = sight;
        return reach.MultiplyAdds;
    }

    // Axes that were merged, or have changed places, are no rows and columns any more.
    private ReceptiveField? FieldOf(Tensor output)
    {
        if (!sights.TryGetValue(output, out var sight)) return null;
        AxisSight?[] axes = [.. positions.Select(axis => sight.Axes[axis])];
        int[] places = [.. axes.OfType<AxisSight>().Select(axis => axis.At)];
        var areInOrder = places.SequenceEqual(places.Order().Distinct()) && !axes.Any(axis => axis?.IsMerged == true);
        return new([.. axes.Select(axis => areInOrder ? axis?.Field : null)]);
    }

    /// <summary>Axes that are neither batch nor channel: channels come last where there are few of them there, and first otherwise.</summary>
    private static ImmutableArray<int> Positions(long[] shape) =>
        shape.Length > 3 && shape[^1] <= 4 && shape[1] > 4
            ? [.. Enumerable.Range(1, shape.Length - 2)]
            : [.. Enumerable.Range(2, Math.Max(0, shape.Length - 2))];
}
