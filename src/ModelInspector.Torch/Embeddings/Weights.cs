using System.Collections.Immutable;
using System.Globalization;
using ModelInspector.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ModelInspector.Embeddings;

/// <summary>A network's weights as plain numbers, in the order of its parameters: (first axis) × (all others).</summary>
internal static class Weights
{
    public static ImmutableArray<Matrix> Of(Sequential network) => [.. network.parameters().Select(Plain)];

    /// <summary>Puts weights into a network of the same layers.</summary>
    public static void Into(Sequential network, ImmutableArray<Matrix> weights)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (parameter, values) in network.parameters().Zip(weights)) parameter.copy_(tensor(values.Values).reshape(parameter.shape));
    }

    public static FittedState Into(FittedState state, string part, ImmutableArray<Matrix> weights) =>
        weights.Index().Aggregate(state, (all, weight) => all.With(Name(part, weight.Index), weight.Item));

    /// <summary>Weights from a saved state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="part">Encoder or decoder.</param>
    /// <param name="sizes">Rows and columns that each must have.</param>
    public static ImmutableArray<Matrix> From(FittedState state, string part, IEnumerable<(int Rows, int Columns)> sizes) =>
        [.. sizes.Index().Select(size => state.Need(Name(part, size.Index), size.Item.Rows, size.Item.Columns))];

    /// <summary>Rows and columns of a network's weights.</summary>
    public static IEnumerable<(int Rows, int Columns)> Sizes(Sequential network) => [.. network.parameters().Select(Size)];

    private static string Name(string part, int index) => string.Create(CultureInfo.InvariantCulture, $"{part}-{index:00}");

    private static (int Rows, int Columns) Size(Parameter parameter) =>
        parameter.dim() == 1 ? (1, (int)parameter.shape[0]) : ((int)parameter.shape[0], (int)(parameter.numel() / parameter.shape[0]));

    private static Matrix Plain(Parameter parameter)
    {
        var (rows, columns) = Size(parameter);
        return new Matrix(rows, columns, parameter.data<float>().ToArray());
    }
}
