using System.Collections.Immutable;
using ModelInspector.Models.Costs;
using ModelInspector.Models.Onnx.Format;

namespace ModelInspector.Models.Onnx;

/// <summary>A node with its kernel and the slots it works on.</summary>
/// <param name="Node">What the file says.</param>
/// <param name="Inputs">Slots read; -1 for absent ones.</param>
/// <param name="Outputs">Slots written; -1 for unwanted ones.</param>
/// <param name="Kernel">What it does.</param>
/// <param name="IsLayer">Whether its output is something a reader wants to see: real numbers that come from the network's input.</param>
/// <param name="Parameters">Trained values that nobody before it owns.</param>
/// <param name="WeightName">Name of its first weight in the file; empty if it has none.</param>
internal sealed record CompiledNode(
    NodeProto Node,
    ImmutableArray<int> Inputs,
    ImmutableArray<int> Outputs,
    Kernel Kernel,
    bool IsLayer,
    long Parameters,
    string WeightName)
{
    /// <summary>How far it reaches and what it costs.</summary>
    public Telling? Tell { get; init; }
}
