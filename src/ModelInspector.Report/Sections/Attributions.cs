using System.Text.Json.Nodes;
using ModelInspector.Findings;
using ModelInspector.Report.Payload;

namespace ModelInspector.Report.Sections;

/// <summary>Attribution maps: signed int8 at the layer's own resolution; the page colours them.</summary>
internal sealed class Attributions : ISection
{
    public JsonObject? Pack(Finding finding, Blocks blocks)
    {
        if (finding is not LayerMaps maps) return null;
        if (maps.Maps.Shape.Length is not (3 or 4) || maps.Maps.Shape[0] != maps.Samples.Length)
            throw new InputException(
                $"{maps.Maps.File} has shape ({string.Join(", ", maps.Maps.Shape)}). Expected {maps.Samples.Length} maps of two or three dimensions.");
        var (description, bytes) = Quantize.Signed8(blocks.Read(maps.Maps));
        var json = RunDirectory.ToJson(maps);
        json["samples"] = new JsonArray([.. maps.Samples.Select(sample => (JsonNode)blocks.Shown.Place(sample))]);
        json["maps"] = blocks.Add(description, bytes);
        return json;
    }
}
