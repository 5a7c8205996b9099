using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Modules in a row whose <c>forward</c> a subclass writes: they may take and give anything.</summary>
public abstract class Sequential<T, TResult> : nn.Module<T, TResult>
{
    private readonly List<(string Name, nn.Module Module)> items = [];

    protected Sequential(params (string name, nn.Module submodule)[] modules) : base(nameof(Sequential<,>))
    {
        foreach (var (key, module) in modules) Add(key, module);
    }

    protected Sequential(params nn.Module[] modules) : base(nameof(Sequential<,>))
    {
        foreach (var module in modules) Add(module);
    }

    public int Count => items.Count;

    public nn.Module this[int index] => items[index].Module;

    public Sequential<T, TResult> this[Range index]
    {
        get
        {
            var (start, length) = index.GetOffsetAndLength(Count);
            return Slice(start, start + length);
        }
    }

    public Sequential<T, TResult> this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

    protected internal void Add(string name, nn.Module sm)
    {
        add_module(name, sm);
        items.Add((name, sm));
    }

    protected internal void Add(nn.Module module) => Add(Count.ToString(), module);

    public Sequential<T, TResult> append(string name, nn.Module module)
    {
        Add(name, module);
        return this;
    }

    public Sequential<T, TResult> append(nn.Module module) => append(Count.ToString(), module);

    /// <summary>A range of the modules, shared: only the subclass knows how to make one of its kind.</summary>
    protected virtual Sequential<T, TResult> Slice(int start, int end) =>
        throw new NotSupportedException($"{GetType().Name} does not say how to make a slice of itself: override Slice.");
}
