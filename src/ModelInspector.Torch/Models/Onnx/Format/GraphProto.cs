using System.Collections.Immutable;

namespace ModelInspector.Models.Onnx.Format;

/// <summary>Nodes in execution order, with what they take, give and own.</summary>
internal sealed record GraphProto(
    string Name,
    ImmutableArray<NodeProto> Nodes,
    ImmutableArray<TensorProto> Initializers,
    ImmutableArray<ValueInfo> Inputs,
    ImmutableArray<ValueInfo> Outputs);
