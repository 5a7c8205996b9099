using System.Collections.Immutable;

namespace ModelInspector.Models.Onnx.Format;

/// <summary>An operator that the file itself defines by a graph.</summary>
internal sealed record FunctionProto(
    string Name,
    string Domain,
    ImmutableArray<string> Inputs,
    ImmutableArray<string> Outputs,
    ImmutableArray<AttributeProto> Defaults,
    ImmutableArray<NodeProto> Nodes,
    ImmutableArray<OpsetId> Opsets);
