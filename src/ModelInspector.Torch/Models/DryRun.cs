using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models;

/// <summary>Runs a freshly read network on made-up inputs, to learn what its file does not say.</summary>
internal static class DryRun
{
    /// <summary>The network with the shape of every layer's output, and with the batch size that its file fixes, if it does.</summary>
    /// <param name="graph">What the file says; layers without shapes.</param>
    /// <param name="program">Its program.</param>
    /// <param name="shapes">A shape for each input, one sample in each batch, or the number that the file fixes.</param>
    /// <param name="device">Where the network's weights are.</param>
    /// <param name="fixedBatch">Batch size that the file declares; null where it allows any.</param>
    /// <exception cref="InputException">The network cannot run on inputs of these shapes.</exception>
    public static GraphModel Measure(
        ModelGraph graph,
        GraphProgram program,
        ImmutableArray<ImmutableArray<long>> shapes,
        Device device,
        long? fixedBatch = null)
    {
        var unmeasured = new GraphModel(graph, program);
        var found = new Dictionary<string, ImmutableArray<long>>();
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var inputs = SampleInputs.Of(graph, shapes, 1, device);
        using var outputs = unmeasured.Run(inputs, (layer, _, output) =>
        {
            found[layer.Name] = [.. output.shape];
            return null;
        });
        var batch = fixedBatch is { } declared && !Stacks(unmeasured, shapes, device, outputs) ? (int)declared : (int?)null;
        return WithShapes(graph with { FixedBatch = batch }, program, found);
    }

    private static GraphModel WithShapes(ModelGraph graph, GraphProgram program, Dictionary<string, ImmutableArray<long>> found)
    {
        var measured = graph.Layers.ToDictionary(layer => layer.Name, layer => layer with { Output = found.GetValueOrDefault(layer.Name, []) });
        return new GraphModel(
            graph with { Layers = [.. graph.Layers.Select(layer => measured[layer.Name])] },
            program with { Steps = [.. program.Steps.Select(step => step.Layer is null ? step : step with { Layer = measured[step.Layer.Name] })] });
    }

    // A file may declare a batch of one and yet work with any: then two batches give what each gives alone.
    private static bool Stacks(GraphModel model, ImmutableArray<ImmutableArray<long>> shapes, Device device, Outputs alone)
    {
        try
        {
            using var together = model.Run(SampleInputs.Of(model.Graph, shapes, 2, device), Taps.Everything);
            return alone.All(output => output.Value.Dimensions > 0 && IsTwice(output.Value, together[output.Key]));
        }
        catch (InputException)
        {
            return false;
        }
    }

    private static bool IsTwice(Tensor alone, Tensor together) =>
        together.Dimensions == alone.Dimensions
        && together.shape[0] == 2 * alone.shape[0]
        && together.shape.AsSpan(1).SequenceEqual(alone.shape.AsSpan(1))
        && together.narrow(0, 0, alone.shape[0]).allclose(alone, 1e-3, 1e-4, equal_nan: true);
}
