using ModelInspector.Models.Onnx.Format;

namespace ModelInspector.Torch.Tests.Onnx;

/// <summary>One case of the standard, and what came of it.</summary>
internal sealed record NodeCase(string Folder, string Outcome)
{
    public string Name => Path.GetFileName(Folder);

    /// <summary>Which of the standard's collections it belongs to: <c>node</c>, <c>pytorch-converted</c> …</summary>
    public string Group => Path.GetFileName(Path.GetDirectoryName(Folder)!);

    public bool Passed => Outcome == "ok";

    public bool Refused => Outcome.StartsWith("refused", StringComparison.Ordinal);

    /// <summary>Operators that its network consists of, inner graphs included.</summary>
    public IReadOnlySet<string> Operators { get; } = Read(Folder).Functions.Length == 0 ? Named(Read(Folder).Graph).ToHashSet() : [];

    private static ModelProto Read(string folder) => OnnxReader.Read("model.onnx", File.ReadAllBytes(Path.Combine(folder, "model.onnx")));

    private static IEnumerable<string> Named(GraphProto graph) => graph.Nodes.SelectMany(node =>
        node.Graphs.SelectMany(Named).Prepend(node.Domain.Length > 0 ? $"{node.Domain}.{node.Op}" : node.Op));
}
