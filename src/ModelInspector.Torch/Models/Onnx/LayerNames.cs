using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using ModelInspector.Models.Onnx.Format;

namespace ModelInspector.Models.Onnx;

/// <summary>
/// Names layers as the network's author knows them. PyTorch's exporter writes the module hierarchy into node names
/// (<c>/layer1/layer1.0/conv1/Conv</c>); older exporters leave it in the weights' names (<c>layer1.0.conv1.weight</c>).
/// </summary>
internal sealed partial class LayerNames
{
    private readonly IReadOnlyList<CompiledNode> layers;
    private readonly Origin[] origins;
    private readonly Dictionary<string, List<int>> members = [];
    private readonly HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> ordinals = [];

    private LayerNames(IReadOnlyList<CompiledNode> layers)
    {
        this.layers = layers;
        origins = [.. layers.Select(OriginOf)];
        foreach (var (index, origin) in origins.Index())
            foreach (var module in origin.Modules)
            {
                if (!members.TryGetValue(module, out var inside)) members[module] = inside = [];
                inside.Add(index);
            }
    }

    /// <summary>Name and further names of each layer, in order.</summary>
    public static ImmutableArray<(string Name, ImmutableArray<string> Aliases)> Of(IReadOnlyList<CompiledNode> layers) => new LayerNames(layers).All();

    private ImmutableArray<(string Name, ImmutableArray<string> Aliases)> All()
    {
        // Names of modules come first, so that no function called like a module can take its name.
        var names = new string[origins.Length];
        foreach (var (index, origin) in origins.Index())
            if (IsModule(index)) names[index] = Free(origin.Path);
        foreach (var (index, origin) in origins.Index())
            names[index] ??= Free(origin.Path.Length > 0 ? $"{origin.Path}.{origin.Own}" : origin.Own);
        return [.. names.Select((name, index) => (name, AliasesOf(index, name)))];
    }

    // A module's name goes to the layer whose output is the module's; a module of one repeated operation was called several times.
    private bool IsModule(int index)
    {
        var path = origins[index].Path;
        if (path.Length == 0) return false;
        if (!origins[index].IsNested) return true;
        return members[path][^1] == index
            || members[path].All(other => origins[other].Path == path && layers[other].Node.Op == layers[index].Node.Op);
    }

    private ImmutableArray<string> AliasesOf(int index, string name)
    {
        var node = layers[index].Node;
        var modules = origins[index].Modules.Where(module => members[module][^1] == index);
        return [.. modules.Prepend(node.Outputs[0]).Prepend(node.Name).Where(alias => alias.Length > 0 && alias != name).Distinct()];
    }

    private string Free(string name)
    {
        for (var number = 0; ; number++)
        {
            var candidate = number == 0 ? name : $"{name}_{number}";
            if (taken.Add(candidate)) return candidate;
        }
    }

    private Origin OriginOf(CompiledNode layer)
    {
        var node = layer.Node;
        if (node.Name.StartsWith('/')) return FromHierarchy(node);
        if (node.Name.Length > 0 && !IsNumbered(node)) return new(Dotted(node.Name), node.Op.ToLowerInvariant());
        if (layer.WeightName.EndsWith(".weight", StringComparison.Ordinal))
            return new(layer.WeightName[..^".weight".Length], node.Op.ToLowerInvariant(), IsNested: false);
        if (node.Name.Length > 0) return new("", node.Name.ToLowerInvariant());
        return IsSpeaking(node.Outputs[0]) ? new(Dotted(node.Outputs[0]), node.Op.ToLowerInvariant()) : new("", Numbered(node.Op));
    }

    private static Origin FromHierarchy(NodeProto node)
    {
        var parts = node.Name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var own = parts.Length > 0 && IsOperation(parts[^1], node.Op) ? parts[^1] : "";
        var path = new List<string>();
        foreach (var part in own.Length > 0 ? parts[..^1] : parts)
        {
            // The exporter repeats a container's name in its children's: layer1, layer1.0.
            if (path.Count > 0 && part.StartsWith(path[^1] + ".", StringComparison.Ordinal)) path[^1] = part;
            else path.Add(part);
        }
        return new(string.Join('.', path), own.Length > 0 ? own.ToLowerInvariant() : node.Op.ToLowerInvariant());
    }

    private static bool IsOperation(string part, string op) =>
        part == op || (part.StartsWith(op + "_", StringComparison.Ordinal) && part[(op.Length + 1)..].All(char.IsAsciiDigit));

    // Conv_12: what exporters write that know no better.
    private static bool IsNumbered(NodeProto node) => IsOperation(node.Name, node.Op);

    private static bool IsSpeaking(string tensor) => !Meaningless().IsMatch(tensor);

    private static string Dotted(string name) => string.Join('.', name.Split('/', StringSplitOptions.RemoveEmptyEntries));

    private string Numbered(string op)
    {
        var kind = op.ToLowerInvariant();
        ordinals[kind] = ordinals.GetValueOrDefault(kind) + 1;
        return $"{kind}_{ordinals[kind].ToString(CultureInfo.InvariantCulture)}";
    }

    [GeneratedRegex(@"^(\d+|input(\.\d+)?|[xy](\.\d+)?|onnx::.*|.*::.*)$")]
    private static partial Regex Meaningless();

    /// <summary>Where a node stands in the hierarchy.</summary>
    /// <param name="Path">Module that it belongs to; empty at the top.</param>
    /// <param name="Own">What tells it from the module's other nodes.</param>
    /// <param name="IsNested">Whether the modules around it hold all their nodes; weights' names tell only of nodes with weights.</param>
    private sealed record Origin(string Path, string Own, bool IsNested = true)
    {
        /// <summary>Its module and all around that.</summary>
        public ImmutableArray<string> Modules { get; } =
            !IsNested ? [] : [.. Path.Split('.', StringSplitOptions.RemoveEmptyEntries).Aggregate(new List<string>(), (paths, part) =>
            {
                paths.Add(paths.Count > 0 ? $"{paths[^1]}.{part}" : part);
                return paths;
            })];
    }
}
