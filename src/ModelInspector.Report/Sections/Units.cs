using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ModelInspector.Findings;
using ModelInspector.Numerics;
using ModelInspector.Report.Payload;

namespace ModelInspector.Report.Sections;

/// <summary>Units, feature maps and kernels: maps as signed int8 with a scale each, figures as they are, pictures as sheets.</summary>
internal sealed class Units : ISection
{
    public JsonObject? Pack(Finding finding, Blocks blocks) => finding switch
    {
        LayerUnits units => Pack(units, blocks),
        FeatureMaps maps => Pack(maps, blocks),
        FirstKernels kernels => Pack(kernels, blocks),
        ProbePictures pictures => Pack(pictures, blocks),
        _ => null,
    };

    private static JsonObject Pack(LayerUnits units, Blocks blocks)
    {
        Check(units);
        var json = RunDirectory.ToJson(units);
        json["figures"] = Add(blocks, Quantize.Plain(blocks.Read(units.Figures)));
        json["maps"] = units.Maps is null ? null : Add(blocks, Quantize.Signed8(blocks.Read(units.Maps)));
        foreach (var card in json["cards"]!.AsArray()) card!["samples"] = Places([.. card["samples"]!.AsArray().Select(sample => (int)sample!)], blocks);
        return json;
    }

    private static JsonObject Pack(FeatureMaps maps, Blocks blocks)
    {
        Expect(maps.Maps, maps.Samples.Length * maps.Units.Length, "maps: one for each sample and unit");
        var json = RunDirectory.ToJson(maps);
        json["samples"] = Places(maps.Samples, blocks);
        json["maps"] = Add(blocks, Quantize.Signed8(blocks.Read(maps.Maps)));
        return json;
    }

    // One scale for all kernels: a faint one is meant to look faint.
    private static JsonObject Pack(FirstKernels kernels, Blocks blocks)
    {
        if (kernels.Weights.Shape.Length != 4) throw new InputException($"{kernels.Weights.File} has shape ({string.Join(", ", kernels.Weights.Shape)}). Expected (kernels, channels, rows, columns).");
        var json = RunDirectory.ToJson(kernels);
        json["weights"] = Add(blocks, Quantize.Signed8(new NdArray([1, .. kernels.Weights.Shape], blocks.Read(kernels.Weights).Values)));
        return json;
    }

    private static JsonObject Pack(ProbePictures pictures, Blocks blocks)
    {
        var json = RunDirectory.ToJson(pictures);
        json["samples"] = Places(pictures.Samples, blocks);
        json["sheets"]!["sheets"] = new JsonArray([.. pictures.Sheets.Files.Select(file => (JsonNode)blocks.AddImage(file))]);
        json["sheets"]!.AsObject().Remove("files");
        return json;
    }

    private static void Check(LayerUnits units)
    {
        if (units.Figures.Shape.Length != 2 || units.Figures.Shape[1] != units.Columns.Length)
            throw new InputException($"{units.Figures.File} has shape ({string.Join(", ", units.Figures.Shape)}). Expected one row a unit and the {units.Columns.Length} columns that its finding names.");
        if (units.Maps is not null) Expect(units.Maps, units.Cards.Sum(card => card.Samples.Length), "maps: one for each sample of each card");
    }

    private static void Expect(ArrayFile file, int count, string what)
    {
        if (file.Shape.Length != 3 || file.Shape[0] != count)
            throw new InputException($"{file.File} has shape ({string.Join(", ", file.Shape)}). Expected {count} {what}, in two dimensions.");
    }

    private static string Add(Blocks blocks, (JsonObject Description, byte[] Bytes) block) => blocks.Add(block.Description, block.Bytes);

    private static JsonArray Places(ImmutableArray<int> samples, Blocks blocks) => [.. samples.Select(sample => (JsonNode)blocks.Shown.Place(sample))];
}
