using System.Collections.Immutable;

namespace ModelInspector.Models.Onnx.Format;

/// <summary>Declared name, type and shape of a value.</summary>
/// <param name="Name">Name of the value.</param>
/// <param name="Type">Element type; undefined when the file says nothing or the value is no tensor.</param>
/// <param name="Shape">Sizes, -1 where any will do; null when the file says nothing.</param>
/// <param name="Kind">What it is if it is no tensor: <c>sequence</c>; empty for tensors.</param>
internal sealed record ValueInfo(string Name, ElementType Type, ImmutableArray<long>? Shape, string Kind = "");
