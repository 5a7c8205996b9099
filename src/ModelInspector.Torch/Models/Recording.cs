using System.Collections.Immutable;

namespace ModelInspector.Models;

/// <summary>One run of a network with every value in it. Disposing it frees them.</summary>
public sealed class Recording : IDisposable
{
    private readonly IDisposable values;
    private readonly Func<int, object?> read;

    internal Recording(ImmutableArray<RecordedStep> steps, ImmutableArray<int> inputs, ImmutableArray<int> outputs, IDisposable values, Func<int, object?> read) =>
        (Steps, Inputs, Outputs, this.values, this.read) = (steps, inputs, outputs, values, read);

    /// <summary>In execution order.</summary>
    public ImmutableArray<RecordedStep> Steps { get; }

    /// <summary>Slot of each input of the network.</summary>
    public ImmutableArray<int> Inputs { get; }

    /// <summary>Slot of each output of the network.</summary>
    public ImmutableArray<int> Outputs { get; }

    /// <summary>The value of a slot; null where the run did not come by.</summary>
    public object? Value(int slot) => read(slot);

    /// <inheritdoc/>
    public void Dispose() => values.Dispose();
}
