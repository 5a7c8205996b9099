using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>What surrounds a window's changes: the run of a sample as it is, and what its steps read with all that pads it.</summary>
internal sealed class Surroundings(Recording run) : IDisposable
{
    private readonly Dictionary<int, (Tensor Padded, Winograd? Tiles)> kept = [];

    /// <summary>The unchanged run.</summary>
    public Recording Run => run;

    /// <summary>A slot's value.</summary>
    public Tensor Of(int slot) => (Tensor)run.Value(slot)!;

    /// <summary>What a step reads with all that pads it, and what it is computed by tiles with.</summary>
    public (Tensor Padded, Winograd? Tiles) For(int index, SlidingStep sliding)
    {
        var step = run.Steps[index];
        if (!kept.TryGetValue(index, out var made)) kept[index] = made = (sliding.Padded(step).DetachFromDisposeScope(), sliding.Tiles(step));
        return made;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (padded, tiles) in kept.Values)
        {
            padded.Dispose();
            tiles?.Dispose();
        }
        run.Dispose();
    }
}
