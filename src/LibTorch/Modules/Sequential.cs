using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// Layers one after the other. Every intermediate result is disposed as soon as the next layer has consumed it: a hook that
/// keeps one must keep an alias, a detached handle or a clone.
/// </summary>
public class Sequential : nn.Module<Tensor, Tensor>
{
    private readonly List<(string Name, nn.IModule<Tensor, Tensor> Layer)> layers = [];

    protected internal Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules) : base(nameof(Sequential))
    {
        foreach (var (key, module) in modules) append(key, module);
    }

    protected internal Sequential(params nn.Module<Tensor, Tensor>[] modules) : base(nameof(Sequential))
    {
        foreach (var module in modules) append(module);
    }

    public int Count => layers.Count;

    public nn.IModule<Tensor, Tensor> this[int index] => layers[index].Layer;

    /// <summary>The layers of a range under their names; they are shared, not copied.</summary>
    public Sequential this[Range index]
    {
        get
        {
            var slice = new Sequential(Array.Empty<nn.Module<Tensor, Tensor>>());
            foreach (var (key, layer) in layers[index]) slice.append(key, layer);
            return slice;
        }
    }

    public Sequential this[(int? start, int? end) index] => this[(index.start ?? 0)..(index.end ?? Count)];

    public Sequential append(nn.IModule<Tensor, Tensor> module) => append(Count.ToString(), module);

    public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
    {
        add_module(name, module as nn.Module ?? throw new ArgumentException($"The layer '{name}' is no nn.Module.", nameof(module)));
        layers.Add((name, module));
        return this;
    }

    public override Tensor forward(Tensor tensor)
    {
        if (layers.Count == 0) return tensor.alias();
        var current = tensor;
        try
        {
            foreach (var (_, layer) in layers) current = Next(tensor, current, layer.call(current));
            return current;
        }
        catch
        {
            Next(tensor, current, tensor);
            throw;
        }
    }

    /// <summary>Disposes what was consumed, unless it is the caller's or passed through.</summary>
    private static Tensor Next(Tensor input, Tensor consumed, Tensor result)
    {
        if (!ReferenceEquals(consumed, input) && !ReferenceEquals(consumed, result)) consumed.Dispose();
        return result;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) layers.Clear();
    }
}
