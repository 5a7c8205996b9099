using ModelInspector.Models;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Evaluation;

/// <summary>How a weight is replaced.</summary>
public enum Replacement
{
    /// <summary>Its values change places, so that their distribution stays.</summary>
    Permute,

    /// <summary>Normal numbers of the same mean and standard deviation.</summary>
    Redraw,
}

/// <summary>Replaces the weights of chosen layers by chance.</summary>
internal static class RandomWeights
{
    /// <summary>A copy of a network in which the weights of some layers are replaced; the network must outlive it.</summary>
    public static IReweightableModel Of(IReweightableModel model, IReadOnlySet<string> layers, Replacement how, ulong seed)
    {
        var next = 0UL;
        return model.Reweighted((layer, weight) => layers.Contains(layer.Name) && weight.numel() > 1 ? Other(weight, how, new Randomness(seed, Stream(layer, next++))) : null);
    }

    private static ulong Stream(Layer layer, ulong index) => layer.Name.Aggregate(14695981039346656037UL, (hash, c) => (hash ^ c) * 1099511628211UL) + index;

    private static Tensor Other(Tensor weight, Replacement how, Randomness random)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        return (how == Replacement.Permute || !weight.is_floating_point() ? Permuted(weight, random) : Redrawn(weight, random)).MoveToOuterDisposeScope();
    }

    private static Tensor Permuted(Tensor weight, Randomness random)
    {
        var count = checked((int)weight.numel());
        var order = tensor(Array.ConvertAll(random.Choose(count, count), place => (long)place), device: weight.device);
        return weight.flatten().index_select(0, order).reshape(weight.shape);
    }

    // A variance stays positive: what has no negative value gets none.
    private static Tensor Redrawn(Tensor weight, Randomness random)
    {
        var values = new float[checked((int)weight.numel())];
        for (var i = 0; i < values.Length; i++) values[i] = (float)random.Normal((ulong)i);
        var drawn = tensor(values, device: weight.device).reshape(weight.shape) * weight.std() + weight.mean();
        return weight.min().item<float>() >= 0 ? drawn.abs() : drawn;
    }
}
