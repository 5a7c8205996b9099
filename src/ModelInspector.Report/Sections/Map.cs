using System.Text.Json.Nodes;
using ModelInspector.Findings;
using ModelInspector.Numerics;
using ModelInspector.Report.Payload;

namespace ModelInspector.Report.Sections;

/// <summary>One map a layer and method, each turned to lie like the layer before so that the eye can follow.</summary>
internal sealed class Map : ISection
{
    private readonly Dictionary<string, NdArray> _before = [];

    public JsonObject? Pack(Finding finding, Blocks blocks)
    {
        if (finding is not LayerEmbedding embedding) return null;
        var points = Check(embedding, blocks.Read(embedding.Points), blocks.Shown.Total);
        points = blocks.Shown.Of(points);
        if (_before.TryGetValue(embedding.Method, out var before)) Alignment.Align(points, before, turn: embedding.Method != "pca");
        _before[embedding.Method] = points;
        var (description, bytes) = Quantize.Unsigned16(points);
        var json = RunDirectory.ToJson(embedding);
        json["points"] = blocks.Add(description, bytes);
        json.Remove("neighbors");
        if (embedding.Neighbors is { } neighbors && !blocks.Shown.Sampled) json["neighbors"] = Neighbors(blocks.Read(neighbors), blocks);
        return json;
    }

    private static NdArray Check(LayerEmbedding embedding, NdArray points, int samples) =>
        points.Shape.Length == 2 && points.Shape[1] >= 1 && points.Shape[0] == samples
            ? points
            : throw new InputException(
                $"{embedding.Points.File} has shape ({string.Join(", ", points.Shape)}). Expected ({samples}, dimensions): one row for each sample of the run.");

    private static string Neighbors(NdArray neighbors, Blocks blocks)
    {
        var (description, bytes) = Quantize.Labels([.. neighbors.Values.Select(index => (int)index)]);
        description["shape"] = new JsonArray(neighbors.Shape[0], neighbors.Shape[1]);
        return blocks.Add(description, bytes);
    }
}
