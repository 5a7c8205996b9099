using System.Text.Json.Nodes;
using ModelInspector.Findings;
using ModelInspector.Report.Payload;

namespace ModelInspector.Report.Sections;

/// <summary>What an autoencoder of the images keeps: its two sheets of pictures.</summary>
internal sealed class Codes : ISection
{
    public JsonObject? Pack(Finding finding, Blocks blocks)
    {
        if (finding is not ImageCodes codes) return null;
        var json = RunDirectory.ToJson(codes);
        json["samples"] = new JsonArray([.. codes.Samples.Select(sample => (JsonNode)blocks.Shown.Place(sample))]);
        json["reconstructions"] = blocks.AddImage(codes.Reconstructions);
        json["traversal"] = blocks.AddImage(codes.Traversal);
        return json;
    }
}
