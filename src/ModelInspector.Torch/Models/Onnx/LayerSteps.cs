using System.Collections.Immutable;

namespace ModelInspector.Models.Onnx;

/// <summary>Steps from nodes: names the layers and says what feeds them.</summary>
internal static class LayerSteps
{
    public static ImmutableArray<ProgramStep> Of(CompiledGraph graph)
    {
        var named = LayerNames.Of([.. graph.Nodes.Where(node => node.IsLayer)]);
        var feeds = new string[]?[graph.Slots];
        foreach (var (port, slot) in graph.Inputs.Zip(graph.InputSlots)) feeds[slot] = [port.Name];
        var next = 0;
        return [.. graph.Nodes.Select(node => Step(node, node.IsLayer ? named[next++] : null, feeds))];
    }

    private static ProgramStep Step(CompiledNode node, (string Name, ImmutableArray<string> Aliases)? named, string[]?[] feeds)
    {
        string[] sources = [.. node.Inputs.Where(slot => slot >= 0).SelectMany(slot => feeds[slot] ?? []).Distinct()];
        foreach (var slot in node.Outputs.Where(slot => slot >= 0)) feeds[slot] = named is { } own ? [own.Name] : sources;
        var layer = named is { } name ? new Layer(name.Name, node.Node.Op, [], [.. sources], node.Parameters) { Aliases = name.Aliases } : null;
        return new(layer, node.Inputs, node.Outputs, node.Kernel) { Tell = node.Tell };
    }
}
