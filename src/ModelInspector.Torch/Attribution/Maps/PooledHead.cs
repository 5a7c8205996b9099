using ModelInspector.Models;

namespace ModelInspector.Attribution.Maps;

/// <summary>The end of a network that CAM needs: a layer with positions, global average pooling, and nothing but linear steps up to the scores.</summary>
/// <param name="Features">The layer that is pooled.</param>
/// <param name="Pool">The pooling.</param>
internal sealed record PooledHead(Layer Features, Layer Pool)
{
    private static readonly HashSet<string> Pools = ["GlobalAveragePool", "ReduceMean", "AveragePool", "aten::mean", "aten::avg_pool2d",
        "aten::avg_pool3d", "aten::adaptive_avg_pool1d", "aten::adaptive_avg_pool2d", "aten::adaptive_avg_pool3d"];

    private static readonly HashSet<string> Linear = [.. Convolutions.Straight, "Gemm", "MatMul", "Add", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Dropout",
        "aten::linear", "aten::addmm", "aten::matmul", "aten::add", "aten::reshape", "aten::view",
        "aten::flatten", "aten::squeeze", "aten::unsqueeze", "aten::dropout", "aten::contiguous", "aten::t"];

    /// <exception cref="InputException">The network ends otherwise; the message names the layer that is in the way.</exception>
    public static PooledHead Of(ModelGraph graph)
    {
        var layers = graph.Layers.ToDictionary(layer => layer.Name);
        var end = Scores.FinalSoftmax(graph) is { } softmax ? Feeding(softmax, layers) : [graph.Layers[^1]];
        while (true)
        {
            if (end.Count != 1) throw Refused($"{end.Count} branches meet before its scores");
            if (Pools.Contains(end[0].Op) && Feeding(end[0], layers) is [var features] && HasPositions(features) && !HasPositions(end[0]))
                return new PooledHead(features, end[0]);
            if (!Linear.Contains(end[0].Op) || HasPositions(end[0]))
                throw Refused($"layer `{end[0].Name}` ({end[0].Op}) lies between its features and its scores");
            end = Feeding(end[0], layers);
        }
    }

    private static bool HasPositions(Layer layer) => layer.Output.Length > 2 && layer.Output[2..].Any(size => size > 1);

    private static List<Layer> Feeding(Layer layer, Dictionary<string, Layer> layers) =>
        [.. layer.Inputs.Select(layers.GetValueOrDefault).OfType<Layer>()];

    private static InputException Refused(string why) => new(
        $"CAM reads the weights between global average pooling and the scores, but {why}. "
        + "Expected global average pooling followed by one linear layer; use grad-cam, which needs neither.");
}
