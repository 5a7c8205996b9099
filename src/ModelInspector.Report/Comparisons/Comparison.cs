using System.Text;
using System.Text.Json.Nodes;
using ModelInspector.Findings;
using ModelInspector.Report.Payload;

namespace ModelInspector.Report.Comparisons;

/// <summary>The manifest of a page that compares runs: payload <c>mi/1</c> with <c>runs</c> in place of one run's findings.</summary>
internal static class Comparison
{
    /// <summary>One run and one block a line.</summary>
    public static string ToJson(IReadOnlyList<ComparedRun> runs)
    {
        var text = new StringBuilder();
        text.Append("{\n\"schema\": \"").Append(Manifest.Schema).Append("\",\n\"runs\": [\n");
        text.AppendJoin(",\n", runs.Select(run => run.Json.ToJsonString(Manifest.Json)));
        text.Append("\n],\n\"pairs\": ").Append(Pairs(runs).ToJsonString(Manifest.Json)).Append(",\n\"blocks\": {\n");
        text.AppendJoin(",\n", runs.SelectMany(run => run.Blocks.Index).Select(block => $"\"{block.Key}\": {block.Value!.ToJsonString(Manifest.Json)}"));
        return text.Append("\n}\n}").ToString();
    }

    // Only the same samples, told apart by the same classes, can be compared one by one; a network of one number decides for none.
    private static JsonArray Pairs(IReadOnlyList<ComparedRun> runs)
    {
        var pairs = new JsonArray();
        for (var a = 0; a < runs.Count; a++)
            for (var b = a + 1; b < runs.Count; b++)
                if (Same(runs[a], runs[b])) pairs.Add(Pair(a, b, runs));
        return pairs;
    }

    private static bool Same(ComparedRun a, ComparedRun b) =>
        a.Samples is { } one && b.Samples is { } other && one.Ids.Length > 0 && one.Ids.SequenceEqual(other.Ids) && one.Labels.SequenceEqual(other.Labels)
        && one.Classes.SequenceEqual(other.Classes) && Decides(one) && Decides(other);

    private static bool Decides(SampleTable table) => table.Predicted.Length == table.Ids.Length && table.Predicted.All(predicted => predicted >= 0);

    private static JsonObject Pair(int a, int b, IReadOnlyList<ComparedRun> runs)
    {
        var (labels, first, second) = (runs[a].Samples!.Labels, runs[a].Samples!.Predicted, runs[b].Samples!.Predicted);
        var all = Enumerable.Range(0, labels.Length).ToList();
        int Count(Func<int, bool> which) => all.Count(which);
        return new JsonObject
        {
            ["a"] = a,
            ["b"] = b,
            ["samples"] = labels.Length,
            ["alike"] = Count(i => first[i] == second[i]),
            ["onlyA"] = Count(i => labels[i] >= 0 && first[i] == labels[i] && second[i] != labels[i]),
            ["onlyB"] = Count(i => labels[i] >= 0 && second[i] == labels[i] && first[i] != labels[i]),
        };
    }
}
