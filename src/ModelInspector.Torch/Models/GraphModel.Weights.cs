using static TorchSharp.torch;

namespace ModelInspector.Models;

public sealed partial class GraphModel
{
    private readonly List<object?> replaced = [];
    private bool borrowed;

    /// <inheritdoc/>
    public IReweightableModel Reweighted(Func<Layer, Tensor, Tensor?> replace)
    {
        ArgumentNullException.ThrowIfNull(replace);
        var constants = new Dictionary<int, object?>(program.Constants);
        var copy = new GraphModel(Graph, program with { Constants = constants }) { borrowed = true };
        foreach (var (slot, layer, weight) in Weights())
            if (Detached(replace(layer, weight)) is { } other)
            {
                copy.replaced.Add(other);
                constants[slot] = Fitting(layer, weight, other);
            }
        return copy;
    }

    // Each stored tensor with the first layer that reads it.
    private IEnumerable<(int Slot, Layer Layer, Tensor Weight)> Weights()
    {
        var seen = new HashSet<int>();
        foreach (var step in program.Steps.Where(step => step.Layer is not null))
            foreach (var slot in step.Inputs)
                if (slot >= 0 && program.Constants.GetValueOrDefault(slot) is Tensor weight && seen.Add(slot)) yield return (slot, step.Layer!, weight);
    }

    private static Tensor Fitting(Layer layer, Tensor weight, Tensor other) =>
        weight.shape.AsSpan().SequenceEqual(other.shape) && weight.dtype == other.dtype ? other : throw new ArgumentException(
            $"A weight of {layer.Name} has the shape ({string.Join(", ", weight.shape)}); it cannot be replaced by ({string.Join(", ", other.shape)}).", nameof(other));
}
