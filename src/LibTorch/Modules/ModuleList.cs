using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules by number; they are registered as "0", "1", …</summary>
public class ModuleList<T> : nn.Module, IList<T> where T : nn.Module
{
    private readonly List<T> items = [];

    public ModuleList(params T[] modules) : base(nameof(ModuleList<>)) => extend(modules);

    public T this[int index]
    {
        get => items[index];
        set
        {
            items[index] = value;
            Renumber();
        }
    }

    public int Count => items.Count;
    public bool IsReadOnly => false;

    public void Add(T item)
    {
        register_module(items.Count.ToString(), item);
        items.Add(item);
    }

    public void append(params T[] parameters) => extend(parameters);

    public void extend(IEnumerable<T> modules)
    {
        foreach (var module in modules) Add(module);
    }

    public void Insert(int index, T item)
    {
        items.Insert(index, item);
        Renumber();
    }

    public void RemoveAt(int index)
    {
        items.RemoveAt(index);
        Renumber();
    }

    public bool Remove(T item)
    {
        var index = items.IndexOf(item);
        if (index >= 0) RemoveAt(index);
        return index >= 0;
    }

    public void Clear()
    {
        items.Clear();
        ClearModules();
    }

    private void Renumber()
    {
        ClearModules();
        for (var i = 0; i < items.Count; i++) register_module(i.ToString(), items[i]);
    }

    /// <summary>Nothing to find: items register as they come in.</summary>
    protected override void RegisterComponents() { }

    public bool Contains(T item) => items.Contains(item);
    public void CopyTo(T[] array, int arrayIndex) => items.CopyTo(array, arrayIndex);
    public int IndexOf(T item) => items.IndexOf(item);
    public IEnumerator<T> GetEnumerator() => items.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
