using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>What surrounds a window's changes: the run of a sample as it is, and what its steps read with all that pads it.</summary>
internal sealed class Surroundings(Recording run) : IDisposable
{
    private readonly Dictionary<int, Tensor> kept = [];

    /// <summary>The unchanged run.</summary>
    public Recording Run => run;

    /// <summary>A slot's value.</summary>
    public Tensor Of(int slot) => (Tensor)run.Value(slot)!;

    /// <summary>What a step reads with all that pads it.</summary>
    public Tensor Padded(int index, SlidingStep sliding)
    {
        if (!kept.TryGetValue(index, out var padded)) kept[index] = padded = sliding.Padded(run.Steps[index]).DetachFromDisposeScope();
        return padded;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var padded in kept.Values) padded.Dispose();
        run.Dispose();
    }
}
