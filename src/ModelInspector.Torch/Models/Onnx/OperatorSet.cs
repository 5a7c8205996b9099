using ModelInspector.Models.Onnx.Format;

namespace ModelInspector.Models.Onnx;

/// <summary>Every operator there is, by domain, name and version.</summary>
internal static class OperatorSet
{
    private static readonly ILookup<(string Domain, string Name), Operator> Known = Catalog.Implementations<IOperatorFamily>()
        .SelectMany(family => family.Operators)
        .ToLookup(entry => (entry.Domain, entry.Name));

    /// <summary>All entries.</summary>
    public static IEnumerable<Operator> All => Known.SelectMany(entries => entries);

    /// <summary>The entry for an operator at a version; null if there is none.</summary>
    public static Operator? Find(string domain, string name, long version) =>
        Known[(domain, name)].Where(entry => entry.Since <= version).MaxBy(entry => entry.Since);

    /// <summary>Refuses a model that needs operators we do not have, naming all of them.</summary>
    public static void Check(string file, Functions functions, GraphProto graph, IReadOnlyDictionary<string, long> opsets)
    {
        var missing = new Dictionary<(string, string, long), (string Node, int Count)>();
        Collect(functions, graph.Nodes, opsets, missing, []);
        if (missing.Count == 0) return;
        var list = missing.Select(entry => Described(entry.Key, entry.Value));
        throw new InputException($"{file} needs {(missing.Count == 1 ? "an operator that is" : $"{missing.Count} operators that are")} not supported: "
            + $"{string.Join("; ", list)}. Export the network with operators of docs/onnx-operators.md.");
    }

    private static string Described((string Domain, string Name, long Version) key, (string Node, int Count) first)
    {
        var name = key.Domain.Length > 0 ? $"{key.Domain}.{key.Name}" : key.Name;
        return $"{name} (opset {key.Version}, first at {first.Node}{(first.Count > 1 ? $" of {first.Count}" : "")})";
    }

    private static void Collect(
        Functions functions,
        IEnumerable<NodeProto> nodes,
        IReadOnlyDictionary<string, long> opsets,
        Dictionary<(string, string, long), (string Node, int Count)> missing,
        HashSet<FunctionProto> seen)
    {
        foreach (var node in nodes)
        {
            if (functions.Find(node) is { } function)
            {
                if (seen.Add(function)) Collect(functions, function.Nodes, Functions.Opsets(function, opsets), missing, seen);
                continue;
            }
            var version = opsets.GetValueOrDefault(node.Domain, 1);
            var key = (node.Domain, node.Op, version);
            if (Find(node.Domain, node.Op, version) is null)
                missing[key] = missing.TryGetValue(key, out var first) ? (first.Node, first.Count + 1) : (node.Title, 1);
            foreach (var inner in node.Graphs) Collect(functions, inner.Nodes, opsets, missing, seen);
        }
    }
}
