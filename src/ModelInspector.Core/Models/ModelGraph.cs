using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace ModelInspector.Models;

/// <summary>A network as data: what it is called, what it takes and gives, and its layers in execution order.</summary>
/// <param name="Name">File name without folder, or type name.</param>
/// <param name="Format">Where it came from: <c>ONNX opset 13</c>, <c>TorchScript</c>, <c>TorchSharp</c>.</param>
/// <param name="Sha256">Hash of the file's bytes, lower-case hex; identifies the model in caches and reports.</param>
/// <param name="Inputs">Named inputs.</param>
/// <param name="Outputs">Named outputs; the first is the score unless told otherwise.</param>
/// <param name="Layers">In execution order.</param>
public sealed record ModelGraph(
    string Name,
    string Format,
    string Sha256,
    ImmutableArray<Port> Inputs,
    ImmutableArray<Port> Outputs,
    ImmutableArray<Layer> Layers)
{
    /// <summary>What a reader should know of how the file was read: "weights are fp16, computed as fp32".</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>The only batch size the network can run with, because the file fixes it; null when any will do.</summary>
    public int? FixedBatch { get; init; }

    /// <summary>Samples to put into one run when <paramref name="wanted"/> would be convenient.</summary>
    public int BatchOf(int wanted) => FixedBatch ?? Math.Max(1, wanted);

    /// <summary>Trained values in all.</summary>
    public long Parameters => Layers.Sum(layer => layer.Parameters);

    /// <summary>The layer of that name, alias, node or tensor.</summary>
    /// <exception cref="InputException">No layer is called so; the message names the nearest ones.</exception>
    public Layer Find(string name) =>
        Layers.FirstOrDefault(layer => layer.Name == name)
        ?? Layers.LastOrDefault(layer => layer.Aliases.Contains(name))
        ?? throw Missing(name);

    /// <summary>Layers matched by comma-separated names or globs (<c>layer1.*</c>, <c>*conv*</c>, <c>**</c>), in execution order.</summary>
    /// <exception cref="InputException">A pattern matches nothing.</exception>
    public ImmutableArray<Layer> Select(string patterns)
    {
        var chosen = patterns.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .SelectMany(Matching)
            .ToHashSet();
        return [.. Layers.Where(chosen.Contains)];
    }

    private IEnumerable<Layer> Matching(string pattern)
    {
        if (!pattern.Contains('*', StringComparison.Ordinal) && !pattern.Contains('?', StringComparison.Ordinal))
            return [Find(pattern)];
        var glob = new Regex("^" + Regex.Escape(pattern).Replace(@"\*", ".*").Replace(@"\?", ".") + "$", RegexOptions.NonBacktracking);
        var found = Layers.Where(layer => glob.IsMatch(layer.Name) || layer.Aliases.Any(glob.IsMatch)).ToList();
        return found.Count > 0 ? found : throw Missing(pattern);
    }

    private InputException Missing(string name) =>
        new($"Layer `{name}` does not exist in {Name}. Near: {string.Join(", ", Names.Near(name, Layers.Select(layer => layer.Name)))}. "
            + $"List all: `modelinspector layers {Name}`.");
}
