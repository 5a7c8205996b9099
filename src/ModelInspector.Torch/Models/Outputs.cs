using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace ModelInspector.Models;

/// <summary>What a run gives: tensors by output name, in the graph's order. Disposing it disposes them.</summary>
public sealed class Outputs : IReadOnlyDictionary<string, Tensor>, IDisposable
{
    private readonly ImmutableArray<KeyValuePair<string, Tensor>> values;

    /// <summary>Outputs in order.</summary>
    public Outputs(IEnumerable<KeyValuePair<string, Tensor>> values) => this.values = [.. values];

    /// <summary>The first output: the scores of a classifier.</summary>
    public Tensor First => values[0].Value;

    /// <inheritdoc/>
    public int Count => values.Length;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => values.Select(pair => pair.Key);

    /// <inheritdoc/>
    public IEnumerable<Tensor> Values => values.Select(pair => pair.Value);

    /// <inheritdoc/>
    public Tensor this[string key] => TryGetValue(key, out var tensor) ? tensor
        : throw new InputException($"The network has no output `{key}`. It has: {string.Join(", ", Keys)}.");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Tensor value)
    {
        value = values.FirstOrDefault(pair => pair.Key == key).Value;
        return value is not null;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() => values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, tensor) in values) tensor.Dispose();
    }
}
