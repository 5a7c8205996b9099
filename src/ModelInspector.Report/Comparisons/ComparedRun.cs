using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ModelInspector.Findings;
using ModelInspector.Report.Payload;
using ModelInspector.Report.Sections;

namespace ModelInspector.Report.Comparisons;

/// <summary>What a comparison needs of one run.</summary>
/// <param name="Json">The run's part of the manifest, its arrays packed into blocks.</param>
/// <param name="Samples">The run's samples with their predictions; null when it tells none.</param>
/// <param name="Blocks">Arrays that go into the page.</param>
internal sealed record ComparedRun(JsonObject Json, SampleTable? Samples, Blocks Blocks)
{
    /// <summary>Reads a run.</summary>
    public static ComparedRun Read(RunDirectory run, string name, string prefix)
    {
        var (record, findings) = (run.ReadRun(), run.ReadFindings());
        var samples = findings.OfType<SampleTable>().FirstOrDefault();
        var blocks = new Blocks(run, Shown.Of(findings, int.MaxValue, record.Seed), prefix);
        return new(new JsonObject
        {
            ["name"] = name,
            ["run"] = RunDirectory.ToJson(record),
            ["findings"] = new JsonArray([.. findings.Select(finding => Packed(finding, blocks)).Where(json => json is not null)]),
            ["layers"] = new JsonArray([.. Depths(findings).Select(layer => (JsonNode)new JsonObject { ["name"] = layer.Name, ["at"] = layer.At })]),
            ["classes"] = new JsonArray([.. Recalls(samples).Select(one => (JsonNode)new JsonObject { ["name"] = one.Name, ["right"] = one.Right, ["all"] = one.All })]),
        }, samples, blocks);
    }

    private static JsonNode? Packed(Finding finding, Blocks blocks) => finding switch
    {
        Verdict => new First().Pack(finding, blocks),
        SpecificityByDepth or SeparabilityByDepth or DataAndLimits => RunDirectory.ToJson(finding),
        _ => null,
    };

    // Where a layer stands among all layers of its network, 0 … 1: what networks of different depth have in common.
    private static IEnumerable<(string Name, double At)> Depths(ImmutableArray<Finding> findings)
    {
        if (findings.OfType<ModelSummary>().FirstOrDefault()?.Graph.Layers is not { IsDefaultOrEmpty: false } layers) return [];
        var wanted = findings.OfType<SpecificityByDepth>().SelectMany(depth => depth.Layers).Concat(findings.OfType<SeparabilityByDepth>().SelectMany(depth => depth.Layers)).ToHashSet();
        return layers.Index().Where(layer => wanted.Contains(layer.Item.Name)).Select(layer => (layer.Item.Name, layers.Length < 2 ? 0 : layer.Index / (layers.Length - 1.0)));
    }

    private static IEnumerable<(string Name, int Right, int All)> Recalls(SampleTable? samples) => samples is not { } table || table.Predicted.Length != table.Labels.Length ? []
        : table.Labels.Zip(table.Predicted).Where(pair => pair.First >= 0).GroupBy(pair => pair.First).OrderBy(group => group.Key)
            .Select(group => (group.Key < table.Classes.Length ? table.Classes[group.Key] : $"class {group.Key}", group.Count(pair => pair.First == pair.Second), group.Count()));
}
