using System.Collections.Immutable;
using ModelInspector.Models.Costs;

namespace ModelInspector.Models;

/// <summary>One step of a run: what it is, what it read and what it gave.</summary>
/// <param name="Layer">What a tap sees of it; null for steps that are no layer.</param>
/// <param name="Reads">Slots read; -1 for an absent optional input.</param>
/// <param name="Writes">Slots written; -1 where nobody reads.</param>
/// <param name="Inputs">The values read, one a slot: tensors, or lists, numbers and nulls.</param>
/// <param name="Outputs">The values given, one a slot; null where the step did not run.</param>
/// <param name="FromInput">Whether each value read is made of the real values of the network's input; the others are weights, shapes and settings.</param>
/// <param name="Kernel">What it does: it may be run again on other values.</param>
public sealed record RecordedStep(
    Layer? Layer,
    ImmutableArray<int> Reads,
    ImmutableArray<int> Writes,
    ImmutableArray<object?> Inputs,
    ImmutableArray<object?> Outputs,
    ImmutableArray<bool> FromInput,
    Kernel Kernel)
{
    /// <summary>Tells how far it reaches and what it costs; null where nothing is known.</summary>
    internal Telling? Tell { get; init; }
}
