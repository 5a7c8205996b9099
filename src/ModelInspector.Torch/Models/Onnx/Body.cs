using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx;

/// <summary>The sub-graph of an If, Loop or Scan, run inside its node's kernel. Nothing in it is a layer.</summary>
/// <param name="Slots">Number of slots.</param>
/// <param name="Inputs">Slot of each input.</param>
/// <param name="Captured">Slots filled from the surrounding graph, and where among the kernel's captured inputs they are.</param>
/// <param name="Constants">Slots filled at load.</param>
/// <param name="Nodes">In execution order.</param>
/// <param name="Outputs">Slot of each output.</param>
/// <param name="Kinds">Kind of each output.</param>
internal sealed record Body(
    int Slots,
    ImmutableArray<int> Inputs,
    ImmutableArray<(int Slot, int From)> Captured,
    IReadOnlyDictionary<int, Tensor> Constants,
    ImmutableArray<CompiledNode> Nodes,
    ImmutableArray<int> Outputs,
    ImmutableArray<ValueKind> Kinds)
{
    /// <summary>Runs it once. The outputs belong to the innermost dispose scope.</summary>
    /// <param name="inputs">Its own inputs.</param>
    /// <param name="captured">What the kernel was given after its node's own inputs.</param>
    public object?[] Run(ReadOnlySpan<object?> inputs, ReadOnlySpan<object?> captured)
    {
        using var scope = NewDisposeScope();
        var values = Filled(inputs, captured);
        foreach (var node in Nodes)
        {
            var outputs = node.Kernel([.. node.Inputs.Select(slot => slot < 0 ? null : values[slot])]);
            for (var i = 0; i < node.Outputs.Length && i < outputs.Length; i++)
                if (node.Outputs[i] >= 0) values[node.Outputs[i]] = outputs[i];
        }
        return [.. Outputs.Select(slot => HandedOut(values[slot]))];
    }

    private object?[] Filled(ReadOnlySpan<object?> inputs, ReadOnlySpan<object?> captured)
    {
        var values = new object?[Slots];
        foreach (var (slot, constant) in Constants) values[slot] = constant;
        for (var i = 0; i < Inputs.Length; i++) values[Inputs[i]] = i < inputs.Length ? inputs[i] : null;
        foreach (var (slot, from) in Captured) values[slot] = captured[from];
        return values;
    }

    // An alias belongs to this run even where the value is an input, a constant, or given twice.
    private static object? HandedOut(object? value) => value switch
    {
        Tensor tensor => tensor.alias().MoveToOuterDisposeScope(),
        IReadOnlyList<Tensor> list => list.Select(tensor => tensor.alias().MoveToOuterDisposeScope()).ToList(),
        _ => value,
    };
}
