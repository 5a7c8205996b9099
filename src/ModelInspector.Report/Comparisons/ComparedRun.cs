using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ModelInspector.Findings;
using ModelInspector.Report.Payload;
using ModelInspector.Report.Sections;

namespace ModelInspector.Report.Comparisons;

/// <summary>What a comparison needs of one run.</summary>
/// <param name="Name">Its folder's name.</param>
/// <param name="Record">How it was made.</param>
/// <param name="Findings">All findings.</param>
/// <param name="Blocks">Arrays that go into the page.</param>
internal sealed record ComparedRun(string Name, RunRecord Record, ImmutableArray<Finding> Findings, Blocks Blocks)
{
    /// <summary>The run's samples with their predictions; null when it tells none.</summary>
    public SampleTable? Samples => Findings.OfType<SampleTable>().FirstOrDefault();

    /// <summary>Reads a run.</summary>
    public static ComparedRun Read(RunDirectory run, string name, string prefix)
    {
        var (record, findings) = (run.ReadRun(), run.ReadFindings());
        return new(name, record, findings, new Blocks(run, Shown.Of(findings, int.MaxValue, record.Seed), prefix));
    }

    /// <summary>The run's part of the manifest.</summary>
    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["run"] = RunDirectory.ToJson(Record),
        ["findings"] = new JsonArray([.. Findings.Select(Packed).Where(json => json is not null)]),
        ["layers"] = new JsonArray([.. Depths().Select(layer => (JsonNode)new JsonObject { ["name"] = layer.Name, ["at"] = layer.At })]),
        ["classes"] = new JsonArray([.. Recalls().Select(one => (JsonNode)new JsonObject { ["name"] = one.Name, ["right"] = one.Right, ["all"] = one.All })]),
    };

    private JsonNode? Packed(Finding finding) => finding switch
    {
        Verdict => new First().Pack(finding, Blocks),
        SpecificityByDepth or SeparabilityByDepth or DataAndLimits => RunDirectory.ToJson(finding),
        _ => null,
    };

    // Where a layer stands among all layers of its network, 0 … 1: what networks of different depth have in common.
    private IEnumerable<(string Name, double At)> Depths()
    {
        if (Findings.OfType<ModelSummary>().FirstOrDefault()?.Graph.Layers is not { IsDefaultOrEmpty: false } layers) return [];
        var wanted = Findings.OfType<SpecificityByDepth>().SelectMany(depth => depth.Layers).Concat(Findings.OfType<SeparabilityByDepth>().SelectMany(depth => depth.Layers)).ToHashSet();
        return layers.Index().Where(layer => wanted.Contains(layer.Item.Name)).Select(layer => (layer.Item.Name, layers.Length < 2 ? 0 : layer.Index / (layers.Length - 1.0)));
    }

    private IEnumerable<(string Name, int Right, int All)> Recalls() => Samples is not { } table || table.Predicted.Length != table.Labels.Length ? []
        : table.Labels.Zip(table.Predicted).Where(pair => pair.First >= 0).GroupBy(pair => pair.First).OrderBy(group => group.Key)
            .Select(group => (group.Key < table.Classes.Length ? table.Classes[group.Key] : $"class {group.Key}", group.Count(pair => pair.First == pair.Second), group.Count()));
}
