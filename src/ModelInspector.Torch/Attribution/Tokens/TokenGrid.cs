using System.Collections.Immutable;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Tokens;

/// <summary>Where a transformer's tokens lie in the image: the grid of patches that a convolution cut it into, and the tokens put in front of them.</summary>
/// <param name="Grid">Patches along each axis.</param>
/// <param name="Extra">Tokens before the first patch that are no patches: class, distillation, registers.</param>
public sealed record TokenGrid(ImmutableArray<long> Grid, long Extra)
{
    /// <summary>Patches in all.</summary>
    public long Patches => Grid.Aggregate((a, b) => a * b);

    /// <summary>The grid, found in the shapes of a network's layers: a convolution with as many channels as later layers have values a token. Null if there is none.</summary>
    public static TokenGrid? Of(ModelGraph graph)
    {
        foreach (var patches in graph.Layers.Where(IsPatches))
        {
            var grid = patches.Output[2..];
            var count = grid.Aggregate((a, b) => a * b);
            var tokens = graph.Layers.SkipWhile(layer => layer != patches)
                .LastOrDefault(layer => layer.Output.Length == 3 && layer.Output[2] == patches.Output[1] && layer.Output[1] >= count);
            if (tokens is not null && tokens.Output[1] - count <= count) return new(grid, tokens.Output[1] - count);
        }
        return null;
    }

    /// <summary>Whether values of this shape are tokens of this grid: (samples, tokens, values).</summary>
    public bool Holds(ReadOnlySpan<long> shape) => shape.Length == 3 && (shape[1] == Patches + Extra || shape[1] == Patches);

    /// <summary>Tokens as positions, (samples, values, grid…), without those that are no patches.</summary>
    /// <param name="values">(samples, tokens, values).</param>
    public Tensor Laid(Tensor values) =>
        values.narrow(1, values.shape[1] - Patches, Patches).transpose(1, 2).reshape([values.shape[0], values.shape[2], .. Grid]);

    private static bool IsPatches(Layer layer) => Convolutions.Have(layer.Op) && layer.Output.Length > 3 && layer.Output[2..].All(size => size > 1);
}
