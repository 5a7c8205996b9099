using System.Collections.Immutable;
using ModelInspector.Models.Onnx.Format;

namespace ModelInspector.Models.Onnx;

/// <summary>Operators that a file defines itself: they are replaced by what they consist of.</summary>
internal sealed class Functions(string file, ImmutableArray<FunctionProto> functions)
{
    private const int Deepest = 32;

    private readonly Dictionary<(string, string), FunctionProto> known =
        functions.GroupBy(function => (function.Domain, function.Name)).ToDictionary(group => group.Key, group => group.First());

    private static readonly Dictionary<(string, string), FunctionProto> BuiltIn = Catalog.Implementations<IFunctionFamily>()
        .SelectMany(family => family.Functions).ToDictionary(function => (function.Domain, function.Name));

    /// <summary>Names of the operators that are defined by simpler ones here, not in a file.</summary>
    public static IEnumerable<string> Defined => BuiltIn.Keys.Select(key => key.Item2);

    public FunctionProto? Find(NodeProto node) => known.GetValueOrDefault((node.Domain, node.Op)) ?? BuiltIn.GetValueOrDefault((node.Domain, node.Op));

    public void CheckDepth(NodeProto node, int depth)
    {
        if (depth > Deepest)
            throw new InputException($"{file}: the function {node.Op} is nested more than {Deepest} deep, or calls itself. Export the network again.");
    }

    /// <summary>Versions that hold inside a function.</summary>
    public static IReadOnlyDictionary<string, long> Opsets(FunctionProto function, IReadOnlyDictionary<string, long> outer) =>
        function.Opsets.IsEmpty ? outer : Opsets(function.Opsets);

    /// <summary>Versions by domain.</summary>
    public static IReadOnlyDictionary<string, long> Opsets(ImmutableArray<OpsetId> opsets) =>
        opsets.GroupBy(opset => opset.Domain).ToDictionary(group => group.Key, group => group.Last().Version);

    /// <summary>The nodes of a call, with its names and its attributes in place of the function's own.</summary>
    public static ImmutableArray<NodeProto> Expand(FunctionProto function, NodeProto call, string prefix) => new Call(function, call, prefix).Nodes();

    /// <summary>One call of a function: what its names and attributes mean there.</summary>
    private sealed class Call(FunctionProto function, NodeProto call, string prefix)
    {
        private readonly Dictionary<string, string> names = [];

        public ImmutableArray<NodeProto> Nodes()
        {
            Bind(function.Inputs, call.Inputs);
            Bind(function.Outputs, call.Outputs);
            return [.. function.Nodes.Select(Renamed)];
        }

        // Outputs that the caller does not want keep a name of their own; inputs it does not give are absent.
        private void Bind(ImmutableArray<string> formal, ImmutableArray<string> given)
        {
            foreach (var (index, name) in formal.Index())
                if (index < given.Length) names[name] = given[index];
                else if (formal == function.Inputs) names[name] = "";
        }

        private string Renamed(string name) =>
            name.Length == 0 ? "" : names.TryGetValue(name, out var given) ? given : names[name] = $"{prefix}/{name}";

        private NodeProto Renamed(NodeProto node) => node with
        {
            Name = node.Name.Length > 0 ? $"{prefix}/{node.Name}" : "",
            Inputs = [.. node.Inputs.Select(Renamed)],
            Outputs = [.. node.Outputs.Select(Renamed)],
            Attributes = [.. node.Attributes.Select(Resolved).OfType<AttributeProto>()],
        };

        private GraphProto Renamed(GraphProto graph) => graph with
        {
            Nodes = [.. graph.Nodes.Select(Renamed)],
            Initializers = [.. graph.Initializers.Select(tensor => tensor with { Name = Renamed(tensor.Name) })],
            Inputs = [.. graph.Inputs.Select(value => value with { Name = Renamed(value.Name) })],
            Outputs = [.. graph.Outputs.Select(value => value with { Name = Renamed(value.Name) })],
        };

        private AttributeProto? Resolved(AttributeProto attribute)
        {
            if (attribute.Graph is not null) return attribute with { Graph = Renamed(attribute.Graph) };
            if (attribute.Refers.Length == 0) return attribute;
            var given = call.Attribute(attribute.Refers) ?? function.Defaults.FirstOrDefault(known => known.Name == attribute.Refers);
            return given is null ? null : given with { Name = attribute.Name };
        }
    }
}
