using System.Collections.Immutable;

namespace ModelInspector.Models.Onnx.Format;

/// <summary>A whole ONNX file.</summary>
internal sealed record ModelProto(
    long IrVersion,
    string Producer,
    ImmutableArray<OpsetId> Opsets,
    GraphProto Graph,
    ImmutableArray<FunctionProto> Functions);
