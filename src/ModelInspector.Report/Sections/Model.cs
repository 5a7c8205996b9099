using System.Text.Json.Nodes;
using ModelInspector.Findings;
using ModelInspector.Models;
using ModelInspector.Report.Payload;

namespace ModelInspector.Report.Sections;

/// <summary>The network with its drawing: the layers that matter, and all of them.</summary>
internal sealed class Model : ISection
{
    public JsonObject? Pack(Finding finding, Blocks blocks)
    {
        if (finding is not ModelSummary model) return null;
        var json = RunDirectory.ToJson(model);
        var chosen = model.Chosen.ToHashSet();
        json["main"] = Rows(Lanes.Of(model.Graph, layer => chosen.Contains(layer.Name) || layer.Parameters > 0 || layer.Inputs.Length > 1));
        json["all"] = Rows(Lanes.Of(model.Graph, _ => true));
        return json;
    }

    // Short arrays instead of objects: [layer, lane, [lanes in], [lanes on]].
    private static JsonArray Rows(IEnumerable<Lanes.Row> rows) =>
        [.. rows.Select(row => new JsonArray(row.Layer, row.At, Numbers(row.From), Numbers(row.Through)))];

    private static JsonArray Numbers(IEnumerable<int> numbers) => [.. numbers.Select(number => (JsonNode)number)];
}
