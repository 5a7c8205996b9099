using System.Collections.Immutable;
using static TorchSharp.torch;

namespace ModelInspector.Models.Costs;

/// <summary>
/// What every layer costs and what it sees, found by running the network on an input: shapes, products and receptive fields follow
/// from the layers' windows and the values' shapes; times are measured. Cost: a few forward passes.
/// </summary>
public static class LayerCosts
{
    /// <summary>The costs of all layers, in execution order.</summary>
    /// <param name="model">A network.</param>
    /// <param name="inputs">A batch that it can run on: costs are for all of it.</param>
    /// <param name="runs">Most runs to measure times over, beside the one that finds the rest; 0 to measure none.</param>
    /// <exception cref="InputException">The network cannot run on these inputs.</exception>
    public static ImmutableArray<LayerCost> Of(IModel model, Inputs inputs, int runs = 0)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model is not IWatchableModel watchable) throw new InputException($"{model.Graph.Name} does not tell what its layers are made of. Expected a network from a file.");
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var tracer = new SightTracer();
        watchable.Run(inputs, tracer).Dispose();
        var times = LayerClock.Measure(watchable, inputs, runs);
        return [.. model.Graph.Layers.Select(layer => tracer.Found.GetValueOrDefault(layer.Name, new LayerCost(layer, [], 0, 0, null, default)) with
        {
            Time = times.GetValueOrDefault(layer.Name),
        })];
    }

    /// <summary>What a position of each layer's output sees of the input.</summary>
    /// <param name="model">A network.</param>
    /// <param name="inputs">A batch that it can run on.</param>
    /// <returns>By layer name; layers are absent whose field is unknown or that see nothing of the input.</returns>
    /// <exception cref="InputException">The network cannot run on these inputs.</exception>
    public static ImmutableDictionary<string, ReceptiveField> Fields(IModel model, Inputs inputs) =>
        Of(model, inputs).Where(cost => cost.Field is not null).ToImmutableDictionary(cost => cost.Layer.Name, cost => cost.Field!);
}
