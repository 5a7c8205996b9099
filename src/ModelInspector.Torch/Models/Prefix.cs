using static TorchSharp.torch;

namespace ModelInspector.Models;

/// <summary>
/// A run stopped at a layer: the layer's output and every other value that the rest of the network still needs
/// (a residual connection jumps over layers). Disposing it frees them.
/// </summary>
public sealed class Prefix : IDisposable
{
    internal Prefix(string layer, int next, long batch, Tensor value, IReadOnlyDictionary<int, object?> crossing) =>
        (Layer, Next, Batch, Value, Crossing) = (layer, next, batch, value, crossing);

    /// <summary>The layer at which the run was stopped.</summary>
    public string Layer { get; }

    /// <summary>The layer's output.</summary>
    public Tensor Value { get; }

    /// <summary>Samples in the batch that was run.</summary>
    public long Batch { get; }

    internal int Next { get; }

    internal IReadOnlyDictionary<int, object?> Crossing { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Value.Dispose();
        foreach (var crossing in Crossing.Values) Free(crossing);
    }

    private static void Free(object? value)
    {
        if (value is Tensor tensor) tensor.Dispose();
        if (value is object?[] list)
            foreach (var item in list) Free(item);
    }
}
