using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules by name, in the order in which they came in.</summary>
public class ModuleDict<T> : nn.Module, IDictionary<string, T>, IList<(string, T)> where T : nn.Module
{
    private readonly OrderedDictionary<string, T> entries = [];

    public ModuleDict() : base(nameof(ModuleDict<>)) { }

    internal ModuleDict(IEnumerable<(string, T)> modules) : this()
    {
        foreach (var (key, module) in modules) Add(key, module);
    }

    public int Count => entries.Count;
    public bool IsReadOnly => false;
    public ICollection<string> Keys => entries.Keys;
    public ICollection<T> Values => entries.Values;

    public T this[string key]
    {
        get => entries[key];
        set
        {
            entries[key] = value;
            Register();
        }
    }

    public (string, T) this[int index]
    {
        get => Tuple(entries.GetAt(index));
        set
        {
            entries.SetAt(index, value.Item1, value.Item2);
            Register();
        }
    }

    public void Add(string key, T value)
    {
        register_module(key, value);
        entries.Add(key, value);
    }

    public void Add((string, T) item) => Add(item.Item1, item.Item2);
    public void Add(KeyValuePair<string, T> item) => Add(item.Key, item.Value);

    public void Insert(int index, (string, T) item)
    {
        entries.Insert(index, item.Item1, item.Item2);
        Register();
    }

    public bool Remove(string key)
    {
        var removed = entries.Remove(key);
        Register();
        return removed;
    }

    public bool Remove((string, T) item) => Contains(item) && Remove(item.Item1);
    public bool Remove(KeyValuePair<string, T> item) => Remove(Tuple(item));
    public void RemoveAt(int index) => Remove(entries.GetAt(index).Key);

    public void Clear()
    {
        entries.Clear();
        ClearModules();
    }

    public void clear() => Clear();

    private void Register()
    {
        ClearModules();
        foreach (var (key, module) in entries) register_module(key, module);
    }

    /// <summary>Nothing to find: entries register as they come in.</summary>
    protected override void RegisterComponents() { }

    private static (string, T) Tuple(KeyValuePair<string, T> entry) => (entry.Key, entry.Value);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => entries.TryGetValue(key, out value);
    public bool ContainsKey(string key) => entries.ContainsKey(key);
    public bool Contains((string, T) item) => TryGetValue(item.Item1, out var module) && ReferenceEquals(module, item.Item2);
    public bool Contains(KeyValuePair<string, T> item) => Contains(Tuple(item));
    public int IndexOf((string, T) item) => Contains(item) ? entries.IndexOf(item.Item1) : -1;
    public void CopyTo((string, T)[] array, int arrayIndex) => entries.Select(Tuple).ToArray().CopyTo(array, arrayIndex);
    public void CopyTo(KeyValuePair<string, T>[] array, int arrayIndex) => entries.ToArray().CopyTo(array, arrayIndex);
    public IEnumerator<(string, T)> items() => entries.Select(Tuple).GetEnumerator();
    public IEnumerable<string> keys() => entries.Keys;
    public IEnumerable<T> values() => entries.Values;
    public IEnumerator<(string, T)> GetEnumerator() => items();
    IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator() => entries.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
