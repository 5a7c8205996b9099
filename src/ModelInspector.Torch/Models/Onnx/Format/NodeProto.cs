using System.Collections.Immutable;

namespace ModelInspector.Models.Onnx.Format;

/// <summary>One operation of a graph.</summary>
/// <param name="Op">Operator: <c>Conv</c>.</param>
/// <param name="Domain">Set of operators it belongs to; empty for ONNX's own.</param>
/// <param name="Name">May be empty.</param>
/// <param name="Inputs">Names of values; empty for an absent optional input.</param>
/// <param name="Outputs">Names of values; empty for an output that nobody wants.</param>
/// <param name="Attributes">Settings.</param>
internal sealed record NodeProto(
    string Op,
    string Domain,
    string Name,
    ImmutableArray<string> Inputs,
    ImmutableArray<string> Outputs,
    ImmutableArray<AttributeProto> Attributes)
{
    /// <summary>What the node is called in messages.</summary>
    public string Title => Name.Length > 0 ? $"`{Name}`" : $"the {Op} that gives `{Outputs.FirstOrDefault(output => output.Length > 0, "nothing")}`";

    public AttributeProto? Attribute(string name) => Attributes.FirstOrDefault(attribute => attribute.Name == name);

    public IEnumerable<GraphProto> Graphs => Attributes.Where(attribute => attribute.Graph is not null).Select(attribute => attribute.Graph!);
}
