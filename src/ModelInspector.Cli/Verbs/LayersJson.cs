using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using ModelInspector.Models;

namespace ModelInspector.Cli.Verbs;

/// <summary>What <c>layers --json</c> prints: the graph, each layer with its costs, and totals.</summary>
internal static class LayersJson
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Costs are null where there are none, and a field is null where it is unknown; its axis is null where the whole axis is seen.</summary>
    public static void Print(ModelGraph graph, ImmutableArray<LayerCost> costs) => System.Console.WriteLine(JsonSerializer.Serialize(
        new
        {
            graph.Name,
            graph.Format,
            graph.Sha256,
            graph.Inputs,
            graph.Outputs,
            graph.Notes,
            graph.FixedBatch,
            graph.Parameters,
            Totals = costs.IsEmpty ? null : Totals(graph, costs),
            Layers = graph.Layers.Select((layer, index) => Entry(layer, costs.IsEmpty ? null : costs[index], costs)),
        }, Json));

    private static object Totals(ModelGraph graph, ImmutableArray<LayerCost> costs) => new
    {
        graph.Parameters,
        MultiplyAdds = costs.Sum(cost => cost.MultiplyAdds),
        Bytes = costs.Sum(cost => cost.Bytes),
        Milliseconds = costs.Sum(cost => cost.Time.TotalMilliseconds),
    };

    private static object Entry(Layer layer, LayerCost? cost, ImmutableArray<LayerCost> all) => new
    {
        layer.Name,
        layer.Op,
        Output = cost?.Output ?? layer.Output,
        layer.Inputs,
        layer.Parameters,
        layer.Aliases,
        cost?.MultiplyAdds,
        cost?.Bytes,
        ReceptiveField = cost?.Field?.Axes,
        Milliseconds = cost?.Time.TotalMilliseconds,
        TimeShare = cost is null ? null : Share(cost, all),
    };

    private static double? Share(LayerCost cost, ImmutableArray<LayerCost> all) =>
        all.Sum(each => each.Time.TotalSeconds) is var whole and > 0 ? cost.Time.TotalSeconds / whole : null;
}
