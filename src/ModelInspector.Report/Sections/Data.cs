using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ModelInspector.Findings;
using ModelInspector.Report.Payload;

namespace ModelInspector.Report.Sections;

/// <summary>The sample table as typed columns, its thumbnails and its large pictures.</summary>
internal sealed class Data : ISection
{
    public JsonObject? Pack(Finding finding, Blocks blocks)
    {
        if (finding is not SampleTable table) return null;
        Check(table);
        var json = RunDirectory.ToJson(table with { Ids = [], Labels = [], Predicted = [], Confidence = [], Columns = [], Examples = [], Thumbnails = null });
        json["ids"] = blocks.AddJson(blocks.Shown.Of(table.Ids));
        json["labels"] = Labels(table.Labels, blocks);
        json["predicted"] = Labels(table.Predicted, blocks);
        json["confidence"] = Confidence(table.Confidence, blocks);
        json["columns"] = new JsonArray([.. table.Columns.Select(column => Column(column, blocks))]);
        json["examples"] = new JsonArray([.. table.Examples.Select(example => Example(example, blocks))]);
        json["thumbnails"] = blocks.Shown.Sampled ? null : Thumbnails(table.Thumbnails, blocks);
        return json;
    }

    private static void Check(SampleTable table)
    {
        var wrong = new[] { ("labels", table.Labels.Length), ("predicted", table.Predicted.Length), ("confidence", table.Confidence.Length) }
            .Concat(table.Columns.Select(column => ($"column {column.Name}", column.Values.Length)))
            .FirstOrDefault(part => part.Item2 != table.Ids.Length && part.Item2 != 0);
        if (wrong.Item1 is not null)
            throw new InputException($"The sample table has {table.Ids.Length} samples, but {wrong.Item2} values of {wrong.Item1}. Run `modelinspector inspect` again.");
        if (table.Examples.Any(example => example.Sample < 0 || example.Sample >= table.Ids.Length))
            throw new InputException($"The sample table has {table.Ids.Length} samples, but pictures of others. Run `modelinspector inspect` again.");
    }

    private static JsonNode? Labels(ImmutableArray<int> labels, Blocks blocks)
    {
        if (labels.All(label => label < 0)) return null;
        var (description, bytes) = Quantize.Labels(blocks.Shown.Of(labels));
        return blocks.Add(description, bytes);
    }

    private static JsonNode? Confidence(ImmutableArray<float> confidence, Blocks blocks)
    {
        if (confidence.All(float.IsNaN)) return null;
        var shown = blocks.Shown.Of(confidence).ToArray();
        var (description, bytes) = Quantize.Unsigned16(new([shown.Length, 1], shown));
        return blocks.Add(description, bytes);
    }

    private static JsonObject Column(SampleColumn column, Blocks blocks)
    {
        var shown = blocks.Shown.Of(column.Values);
        var values = shown.Distinct().ToArray();
        var code = values.Select((value, index) => (value, index)).ToDictionary(pair => pair.value, pair => pair.index);
        return new() { ["name"] = column.Name, ["values"] = blocks.AddJson(new { values, codes = shown.Select(value => code[value]).ToArray() }) };
    }

    private static JsonObject Example(ExampleImage example, Blocks blocks) => new()
    {
        ["sample"] = blocks.Shown.Place(example.Sample),
        ["width"] = example.Width,
        ["height"] = example.Height,
        ["slices"] = example.Slices,
        ["image"] = blocks.AddImage(example.File),
        ["mask"] = example.Mask is { } mask ? blocks.AddImage(mask) : null,
    };

    private static JsonObject? Thumbnails(ThumbnailSheets? sheets, Blocks blocks) => sheets is null ? null : new()
    {
        ["size"] = sheets.Size,
        ["across"] = sheets.Across,
        ["perSheet"] = sheets.PerSheet,
        ["sheets"] = new JsonArray([.. sheets.Files.Select(file => (JsonNode)blocks.AddImage(file))]),
    };
}
