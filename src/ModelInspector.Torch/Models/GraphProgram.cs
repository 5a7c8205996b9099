using System.Collections.Immutable;
using ModelInspector.Models.Costs;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models;

/// <summary>
/// One step of an imported network: reads slots, writes slots.
/// A slot holds a tensor, or whatever else the file's language computes with (numbers, lists, null).
/// </summary>
/// <param name="Layer">What a tap sees of it; null for steps that are no layer (constants, shapes, lists).</param>
/// <param name="Inputs">Slots read; -1 for an absent optional input.</param>
/// <param name="Outputs">Slots written; -1 where nobody reads.</param>
/// <param name="Kernel">What it does. It never writes into its inputs; it may hand them on.</param>
public sealed record ProgramStep(Layer? Layer, ImmutableArray<int> Inputs, ImmutableArray<int> Outputs, Kernel Kernel)
{
    /// <summary>Tells how far it reaches and what it costs; null where nothing is known but that it may read all of its inputs.</summary>
    internal Telling? Tell { get; init; }
}

/// <summary>Computes a step's outputs from its inputs, one entry a slot; an absent optional input is null.</summary>
public delegate object?[] Kernel(ReadOnlySpan<object?> inputs);

/// <summary>An imported network, ready to run: what a loader compiles a file to.</summary>
/// <param name="Slots">Number of slots.</param>
/// <param name="Inputs">Slot of each graph input.</param>
/// <param name="Outputs">Slot of each graph output.</param>
/// <param name="Constants">Slots filled before the first step, and never freed: weights and literals.</param>
/// <param name="Steps">In execution order.</param>
public sealed record GraphProgram(
    int Slots,
    ImmutableArray<int> Inputs,
    ImmutableArray<int> Outputs,
    IReadOnlyDictionary<int, object?> Constants,
    ImmutableArray<ProgramStep> Steps)
{
    /// <summary>What the kernels stand on beside the constants; freed with the network.</summary>
    public IDisposable? Owner { get; init; }
}
