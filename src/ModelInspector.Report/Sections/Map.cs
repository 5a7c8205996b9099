using System.Text.Json.Nodes;
using ModelInspector.Findings;
using ModelInspector.Numerics;
using ModelInspector.Report.Payload;

namespace ModelInspector.Report.Sections;

/// <summary>One map a layer and method, each turned to lie like the layer before so that the eye can follow.</summary>
internal sealed class Map : ISection
{
    private readonly Dictionary<string, NdArray> _before = [];
    private readonly Dictionary<string, string?> _neighbors = [];

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
        json["neighbors"] = Neighbors(embedding.Neighbors, blocks);
        return json;
    }

    private static NdArray Check(LayerEmbedding embedding, NdArray points, int samples) =>
        points.Shape.Length == 2 && points.Shape[1] >= 1 && points.Shape[0] == samples
            ? points
            : throw new InputException(
                $"{embedding.Points.File} has shape ({string.Join(", ", points.Shape)}). Expected ({samples}, dimensions): one row for each sample of the run.");

    // All maps of a layer share one table. A page that shows a part of the samples would name some that it does not have.
    private string? Neighbors(ArrayFile? file, Blocks blocks)
    {
        if (file is null || blocks.Shown.Sampled || blocks.Shown.Total >= Quantize.Missing) return null;
        if (!_neighbors.TryGetValue(file.File, out var id)) _neighbors[file.File] = id = Pack(blocks.Read(file), blocks);
        return id;
    }

    private static string Pack(NdArray neighbors, Blocks blocks)
    {
        var (description, bytes) = Quantize.Labels([.. neighbors.Values.Select(index => (int)index)]);
        description["shape"] = new JsonArray([.. neighbors.Shape.Select(size => (JsonNode)size)]);
        return blocks.Add(description, bytes);
    }
}
