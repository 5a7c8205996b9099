using System.Collections.Immutable;
using ModelInspector.Models.Onnx.Format;
using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx;

/// <summary>A whole graph with kernels, before its layers have names.</summary>
/// <param name="Inputs">What the network takes; weights are not among them.</param>
/// <param name="InputSlots">Slot of each input.</param>
/// <param name="Outputs">What it gives.</param>
/// <param name="OutputSlots">Slot of each output.</param>
/// <param name="Slots">Number of slots.</param>
/// <param name="Constants">Slots filled at load.</param>
/// <param name="Nodes">In execution order.</param>
internal sealed record CompiledGraph(
    ImmutableArray<ValueInfo> Inputs,
    ImmutableArray<int> InputSlots,
    ImmutableArray<ValueInfo> Outputs,
    ImmutableArray<int> OutputSlots,
    int Slots,
    IReadOnlyDictionary<int, Tensor> Constants,
    IReadOnlyList<CompiledNode> Nodes);
