using System.Collections.Immutable;
using ModelInspector.Attribution.Tokens;
using ModelInspector.Models;

namespace ModelInspector.Inspection;

/// <summary>Which layers to look at when nobody says: what feeds the eye, from the first to the last with positions.</summary>
public static class LayerChoice
{
    private static readonly HashSet<string> Activations =
    [
        "Relu", "LeakyRelu", "PRelu", "Elu", "Selu", "Clip", "HardSwish", "Gelu", "Mish", "Softplus", "Tanh", "Swish",
        "relu", "relu_", "relu6", "hardtanh", "hardtanh_", "leaky_relu", "leaky_relu_", "elu", "gelu", "silu", "silu_", "hardswish", "hardswish_", "mish", "tanh",
    ];

    private static readonly HashSet<string> Sums = ["Conv", "Add", "Concat", "Mul", "convolution", "_convolution", "conv2d", "conv3d", "add", "add_", "cat"];

    /// <summary>
    /// At most <paramref name="most"/> layers with rows and columns: activations if there are at least three, else convolutions and sums;
    /// evenly spaced, the first and the last always among them. Of a transformer, what lies before its patches, the patches, and the sums at which blocks of tokens end:
    /// rows and columns inside an attention are heads, tokens and values, not places of the image.
    /// </summary>
    /// <exception cref="InputException">No layer has positions.</exception>
    public static ImmutableArray<Layer> Default(ModelGraph graph, int most)
    {
        var tokens = Tokens(graph);
        var spatial = graph.Layers.Take(tokens.Count > 0 ? graph.Layers.IndexOf(tokens[0]) + 1 : graph.Layers.Length).Where(HasPositions).ToList();
        var activations = spatial.Where(layer => Activations.Contains(Plain(layer.Op))).ToList();
        var candidates = tokens.Count == 0 && activations.Count >= 3 ? activations
            : [.. spatial.Where(layer => Activations.Contains(Plain(layer.Op)) || Sums.Contains(Plain(layer.Op))), .. tokens.Skip(1)];
        return candidates.Count > 0 ? Spaced(candidates, most) : throw new InputException(
            $"{graph.Name} has no layer with rows and columns to draw maps at. Name layers with --layers; `modelinspector layers {graph.Name}` lists all {graph.Layers.Length}.");
    }

    // The convolution that cuts the image into patches, and every sum of two layers over them: where a block's part joins its residual connection.
    private static List<Layer> Tokens(ModelGraph graph)
    {
        if (TokenGrid.Of(graph) is not { } grid) return [];
        var patches = graph.Layers.First(layer => Convolutions.Have(layer.Op) && layer.Output.Length > 3 && layer.Output[2..].SequenceEqual(grid.Grid));
        return [patches, .. graph.Layers.Where(layer => Plain(layer.Op) is "Add" or "add" or "add_" && layer.Inputs.Length > 1 && grid.Holds(layer.Output.AsSpan()))];
    }

    private static bool HasPositions(Layer layer) => layer.Output.Length >= 4 && layer.Output.Skip(2).Aggregate(1L, (product, size) => product * size) > 1;

    private static string Plain(string op) => op.StartsWith("aten::", StringComparison.Ordinal) ? op["aten::".Length..] : op;

    private static ImmutableArray<Layer> Spaced(List<Layer> layers, int most) =>
        layers.Count <= most ? [.. layers]
        : [.. Enumerable.Range(0, most).Select(i => layers[(int)Math.Round(i * (layers.Count - 1.0) / (most - 1))]).Distinct()];
}
