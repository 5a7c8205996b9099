using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ModelInspector.Findings;
using ModelInspector.Numerics;
using ModelInspector.Report.Payload;

namespace ModelInspector.Report.Sections;

/// <summary>Units as points and groups of samples: one typed block a column.</summary>
internal sealed class Separation : ISection
{
    public JsonObject? Pack(Finding finding, Blocks blocks) => finding switch
    {
        UnitEmbedding units => Pack(units, blocks),
        LayerClusters clusters => Pack(clusters, blocks),
        _ => null,
    };

    private static JsonObject Pack(UnitEmbedding units, Blocks blocks)
    {
        Check(units.Points.File, units.Points.Shape, units.Classes.Length, units.Selectivity.Length, units.Groups.Length);
        var json = RunDirectory.ToJson(units with { Classes = [], Selectivity = [], Groups = [] });
        json["points"] = Add(blocks, Quantize.Unsigned16(blocks.Read(units.Points)));
        json["classes"] = Add(blocks, Quantize.Labels(units.Classes));
        json["groups"] = Add(blocks, Quantize.Labels(units.Groups));
        json["selectivity"] = Add(blocks, Quantize.Plain(new NdArray([units.Selectivity.Length], [.. units.Selectivity.Select(value => (float)value)])));
        json["topSamples"] = units.TopSamples is null ? null : Top(blocks.Read(units.TopSamples), blocks);
        return json;
    }

    // A page that shows a part of the samples would name some that it does not have.
    private static string? Top(NdArray samples, Blocks blocks)
    {
        if (blocks.Shown.Sampled || blocks.Shown.Total >= Quantize.Missing) return null;
        var (description, bytes) = Quantize.Labels([.. samples.Values.Select(index => (int)index)]);
        description["shape"] = new JsonArray([.. samples.Shape.Select(size => (JsonNode)size)]);
        return blocks.Add(description, bytes);
    }

    private static JsonObject Pack(LayerClusters clusters, Blocks blocks)
    {
        if (clusters.Groups.Length != blocks.Shown.Total)
            throw new InputException($"The groups of {clusters.Layer} name {clusters.Groups.Length} samples, the run has {blocks.Shown.Total}. Run `modelinspector inspect` again.");
        var json = RunDirectory.ToJson(clusters with { Groups = [] });
        json["groups"] = Add(blocks, Quantize.Labels(blocks.Shown.Of(clusters.Groups)));
        return json;
    }

    private static void Check(string file, ImmutableArray<int> shape, params ReadOnlySpan<int> columns)
    {
        foreach (var length in columns)
            if (shape.Length != 2 || shape[0] != length && length != 0)
                throw new InputException($"{file} has shape ({string.Join(", ", shape)}), its finding tells of {length} units. Run `modelinspector inspect` again.");
    }

    private static string Add(Blocks blocks, (JsonObject Description, byte[] Bytes) block) => blocks.Add(block.Description, block.Bytes);
}
