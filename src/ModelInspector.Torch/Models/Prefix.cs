using System.Collections.Immutable;
using static TorchSharp.torch;

namespace ModelInspector.Models;

/// <summary>
/// A run stopped at a layer: the layer's output and every other value that the rest of the network still needs
/// (a residual connection jumps over layers). Disposing it frees them.
/// </summary>
public sealed class Prefix : IDisposable
{
    internal Prefix(string layer, int next, ImmutableArray<Tensor> inputs, Tensor value, IReadOnlyDictionary<int, object?> crossing) =>
        (Layer, Next, Inputs, Value, Crossing) = (layer, next, inputs, value, crossing);

    /// <summary>The layer at which the run was stopped.</summary>
    public string Layer { get; }

    /// <summary>The layer's output.</summary>
    public Tensor Value { get; }

    internal ImmutableArray<Tensor> Inputs { get; }

    internal int Next { get; }

    internal IReadOnlyDictionary<int, object?> Crossing { get; }

    /// <summary>The same prefix of several copies of the batch, by number of copies.</summary>
    internal Dictionary<long, Prefix> Widened { get; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        Value.Dispose();
        foreach (var input in Inputs) input.Dispose();
        foreach (var crossing in Crossing.Values) Free(crossing);
        foreach (var wide in Widened.Values) wide.Dispose();
    }

    private static void Free(object? value)
    {
        if (value is Tensor tensor) tensor.Dispose();
        if (value is object?[] list)
            foreach (var item in list) Free(item);
    }
}
