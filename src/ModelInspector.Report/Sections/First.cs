using System.Text.Json.Nodes;
using ModelInspector.Findings;
using ModelInspector.Report.Payload;

namespace ModelInspector.Report.Sections;

/// <summary>The verdict with its maps over the input.</summary>
internal sealed class First : ISection
{
    public JsonObject? Pack(Finding finding, Blocks blocks)
    {
        if (finding is not Verdict verdict) return null;
        var json = RunDirectory.ToJson(verdict);
        Put(json, "meanMap", verdict.MeanMap, blocks);
        Put(json, "meanInput", verdict.MeanInput, blocks);
        Put(json, "region", verdict.Region, blocks);
        return json;
    }

    private static void Put(JsonObject json, string name, ArrayFile? file, Blocks blocks)
    {
        if (file is null) return;
        var map = blocks.Read(file);
        var (description, bytes) = Quantize.Signed8(new([1, .. map.Shape], map.Values));
        json[name] = blocks.Add(description, bytes);
    }
}
