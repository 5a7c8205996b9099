using System.Collections;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Parameters by number; they are registered as "0", "1", …</summary>
public class ParameterList : nn.Module, IList<Parameter>
{
    private readonly List<Parameter> items = [];

    public ParameterList(params Parameter[] parameters) : base(nameof(ParameterList))
    {
        foreach (var parameter in parameters) Add(parameter);
    }

    public Parameter this[int index]
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

    public void Add(Parameter item)
    {
        register_parameter(items.Count.ToString(), item);
        items.Add(item);
    }

    public void Insert(int index, Parameter item)
    {
        items.Insert(index, item);
        Renumber();
    }

    public void RemoveAt(int index)
    {
        items.RemoveAt(index);
        Renumber();
    }

    public bool Remove(Parameter item)
    {
        var index = IndexOf(item);
        if (index >= 0) RemoveAt(index);
        return index >= 0;
    }

    public void Clear()
    {
        items.Clear();
        _internal_params.Clear();
    }

    private void Renumber()
    {
        _internal_params.Clear();
        for (var i = 0; i < items.Count; i++) register_parameter(i.ToString(), items[i]);
    }

    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        base._toEpilog(dtype, device, non_blocking);
        for (var i = 0; i < items.Count; i++) items[i] = _internal_params[i.ToString()];
    }

    // Two tensors are equal when their values are; a list of parameters goes by identity.
    public int IndexOf(Parameter item) => items.FindIndex(other => ReferenceEquals(other, item));
    public bool Contains(Parameter item) => IndexOf(item) >= 0;
    public void CopyTo(Parameter[] array, int arrayIndex) => items.CopyTo(array, arrayIndex);
    public IEnumerator<Parameter> GetEnumerator() => items.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
