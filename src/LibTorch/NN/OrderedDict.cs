using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TorchSharp.Utils;

/// <summary>A dictionary that enumerates its entries, as tuples, in the order in which their keys came in.</summary>
public class OrderedDict<TKey, TValue> : IEnumerable<(TKey, TValue)> where TKey : notnull
{
    private readonly OrderedDictionary<TKey, TValue> entries = [];

    public int Count => entries.Count;
    public IEnumerable<TKey> Keys => entries.Keys;
    public IEnumerable<TValue> Values => entries.Values;

    /// <summary>The value of a key. Setting a key that is there keeps its place.</summary>
    public TValue this[TKey key] { get => entries[key]; set => entries[key] = value; }

    public void Add(TKey key, TValue value) => entries.Add(key, value);
    public bool Remove(TKey key) => entries.Remove(key);
    public void Clear() => entries.Clear();
    public bool ContainsKey(TKey key) => entries.ContainsKey(key);
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => entries.TryGetValue(key, out value);
    public IEnumerator<(TKey, TValue)> GetEnumerator() => entries.Select(entry => (entry.Key, entry.Value)).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
