using System.Collections.Immutable;
using ModelInspector.Findings;

namespace ModelInspector.Evaluation.Localisation;

/// <summary>What the by-depth table says, both sides of it.</summary>
internal sealed class DepthSentences(DepthTable table, ImmutableArray<DepthRow> rows, BootstrapDraws draws, string unitName)
{
    private const double Threshold = 0.2;
    private const double Even = 0.005;
    // Below this the intervals of a percentile bootstrap are too narrow to call one method better.
    private const int FewestUnits = 20;
    private const int MostNamed = 3;

    public ImmutableArray<string> All()
    {
        var sentences = ImmutableArray.CreateBuilder<string>();
        if (draws.Units < FewestUnits) sentences.Add($"Too few {unitName} ({draws.Units}) to say which method does better; the numbers are of these alone.");
        else if (table.Methods.Length > 1)
            foreach (var layer in Ends()) sentences.AddRange(Compare(layer, table.Methods[0], table.Methods[1]));
        sentences.AddRange(new[] { Best("auroc"), Controls() }.OfType<string>());
        sentences.AddRange(Undefined());
        sentences.AddRange(Missing());
        return sentences.ToImmutable();
    }

    // The first and the last layer at which both methods look.
    private IEnumerable<string> Ends()
    {
        var shared = table.Layers.Where(layer => table.Methods.Take(2).All(method => Find(layer, method, "specificity", Threshold) is not null)).ToList();
        return shared.Count == 0 ? [] : new[] { shared[0], shared[^1] }.Distinct();
    }

    private IEnumerable<string> Compare(string layer, string one, string other)
    {
        if (Find(layer, one, "specificity", Threshold) is not { } a || Find(layer, other, "specificity", Threshold) is not { } b) yield break;
        var difference = Difference(layer, one, other, "specificity", Threshold);
        yield return $"At `{layer}`, {Titles.Of(one)} {Verb(difference)} {Titles.Of(other)} at τ = {Threshold}: specificity {Text(a)} against {Text(b)} "
            + $"(difference {difference.Difference()}, {difference.Count} {unitName}).";
        if (Companions(layer, one, other) is { Length: > 0 } companions)
            yield return $"The other side at `{layer}`, {Titles.Of(one)} against {Titles.Of(other)}: {companions}.{Caveat(layer, one, other, difference)}";
    }

    private string Companions(string layer, string one, string other) => string.Join(", ", new[] { ("sensitivity", (double?)Threshold), ("specificity-at-sensitivity", 0.5), ("auroc", null) }
        .Select(metric => (Label: DepthMetric.All.First(known => known.Name == metric.Item1 && known.Threshold == metric.Item2).Label, A: Find(layer, one, metric.Item1, metric.Item2), B: Find(layer, other, metric.Item1, metric.Item2)))
        .Where(pair => pair.A is not null && pair.B is not null)
        .Select(pair => $"{pair.Label} ({Text(pair.A!)} against {Text(pair.B!)})"));

    private string Caveat(string layer, string one, string other, Interval specificity)
    {
        var sensitivity = Difference(layer, one, other, "sensitivity", Threshold);
        if (specificity.Low > 0 && sensitivity.High < 0) return $" Part of {Titles.Of(one)}'s specificity is that its map lights less altogether.";
        return specificity.High < 0 && sensitivity.Low > 0 ? $" Part of {Titles.Of(other)}'s specificity is that its map lights less altogether." : "";
    }

    private static string Verb(Interval difference) =>
        difference.Low > 0 ? "is more specific than"
        : difference.High < 0 ? "is less specific than"
        : Math.Max(Math.Abs(difference.Low), Math.Abs(difference.High)) <= Even ? "is as specific as" : "cannot be told apart from";

    private string? Best(string metric)
    {
        var best = rows.Where(row => row.Metric == metric && !row.Control).MaxBy(row => row.Value.Estimate);
        return best is null ? null : $"The highest AUROC is {Titles.Of(best.Method)}'s at `{best.Layer}`: {Text(best.Value)}; 0.5 is chance.";
    }

    private string? Controls()
    {
        var controls = rows.Where(row => row is { Control: true, Layer: "", Metric: "specificity", Threshold: Threshold })
            .Select(row => $"{Titles.Of(row.Method)} {Text(row.Value)} (AUROC {Text(Find("", row.Method, "auroc", null))})").ToList();
        return controls.Count == 0 ? null : $"Controls that know nothing of the network, specificity at τ = {Threshold}: {string.Join("; ", controls)}.";
    }

    private IEnumerable<string> Undefined() =>
        from key in table.Keys()
        where !key.Control
        let sheet = table.Sheet(key.Layer, key.Method)
        let seen = sheet.Seen.Count(seen => seen)
        from reason in sheet.Undefined
        select $"{Titles.Of(key.Method)} at `{key.Layer}`: {reason.Images} of {seen} images are not counted in every metric, because {reason.Reason}.";

    private IEnumerable<string> Missing() => table.Missing().Select(one =>
        $"{Titles.Of(one.Method)} at {string.Join(", ", one.Layers.Take(MostNamed).Select(layer => $"`{layer}`"))}{(one.Layers.Count > MostNamed ? $" and {one.Layers.Count - MostNamed} more" : "")}: "
        + $"no {string.Join(", ", one.Metrics)} of {(one.Layers.Count > 1 || one.Metrics.Count > 1 ? "up to " : "")}{one.Images} {(one.Images == 1 ? "image" : "images")}, because {one.Reason}.");

    private Interval? Find(string layer, string method, string metric, double? threshold) =>
        rows.FirstOrDefault(row => row.Layer == layer && row.Method == method && row.Metric == metric && row.Threshold == threshold)?.Value;

    private Interval Difference(string layer, string one, string other, string metric, double? threshold)
    {
        var a = table.Sheet(layer, one)[metric, threshold];
        var b = table.Sheet(layer, other)[metric, threshold];
        return draws.Mean([.. a.Zip(b, (x, y) => x - y)]);
    }

    private static string Text(Interval? value) => value?.Text() ?? "undefined";
}
