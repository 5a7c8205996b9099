using System.Collections.Immutable;
using ModelInspector.Findings;

namespace ModelInspector.Evaluation.Localisation;

/// <summary>Ranks methods, controls among them, each at the layer where it does best.</summary>
/// <remarks>
/// The best of many layers is chosen on the same images that it is measured on, which flatters methods that look at many layers over those that look at
/// one; the by-depth table compares them layer by layer. Sensitivity alone is not ranked: a map lit everywhere would win.
/// </remarks>
public sealed record League
{
    private static readonly ImmutableArray<(string Metric, double? Threshold, int Direction)> Ranked =
    [
        ("specificity", 0.2, 1), ("specificity-at-sensitivity", 0.5, 1), ("auroc", null, 1), ("average-precision", null, 1), ("energy-inside", null, 1), ("energy-concentration", null, 1), ("pointing-game", null, 1),
        ("insertion", null, 1), ("deletion", null, -1), ("road", null, 1), ("accuracy-information", null, 1), ("softmax-information", null, 1), ("average-drop", null, -1), ("increase-in-confidence", null, 1), ("infidelity", null, -1), ("faithfulness-correlation", null, 1),
        ("max-sensitivity", null, -1), ("repeatability", null, 1),
    ];

    /// <summary>The league of everything that a table holds.</summary>
    /// <param name="table">The scores.</param>
    /// <param name="bootstrap">How intervals are made.</param>
    /// <param name="units">Name of each image's unit; empty: each image is its own.</param>
    /// <param name="images">Number of images.</param>
    /// <param name="seed">Of the intervals.</param>
    public MethodLeague Of(DepthTable table, Bootstrap bootstrap, ImmutableArray<string> units, int images, ulong seed)
    {
        var draws = bootstrap.Over(units, images, seed);
        var measured = table.Measured().ToList();
        var rows = Ranked.SelectMany(metric => Rank(measured.Where(scores => scores.Metric == metric.Metric && scores.Threshold == metric.Threshold), metric.Direction, draws)).ToImmutableArray();
        return new("League of methods", Provenance.Of("method-league", seed), rows, [.. rows.Where(row => row.Rank == 1).Select(first => Sentence(first, rows))]);
    }

    private static IEnumerable<LeagueRow> Rank(IEnumerable<MeasuredScores> scores, int direction, BootstrapDraws draws)
    {
        var best = scores.Select(one => (Scores: one, Value: draws.Mean(one.Values))).Where(one => one.Value.Count > 0)
            .GroupBy(one => one.Scores.Method).Select(method => method.MaxBy(one => direction * one.Value.Estimate))
            .OrderByDescending(one => direction * one.Value.Estimate).ThenBy(one => one.Scores.Method, StringComparer.Ordinal).ToList();
        return best.Select((one, index) => new LeagueRow(one.Scores.Metric, one.Scores.Threshold, index + 1, one.Scores.Method, one.Scores.Control, one.Scores.Layer, one.Value,
            index == 0 ? null : draws.Mean([.. best[0].Scores.Values.Zip(one.Scores.Values, (a, b) => a - b)])));
    }

    private static string Sentence(LeagueRow first, ImmutableArray<LeagueRow> rows)
    {
        var label = DepthMetric.All.FirstOrDefault(metric => metric.Name == first.Metric && metric.Threshold == first.Threshold)?.Label ?? first.Metric;
        var others = rows.Where(row => row.Metric == first.Metric && row.Threshold == first.Threshold && row.Rank > 1).ToList();
        var level = others.Where(row => row.ToFirst is { Low: <= 0, High: >= 0 }).Select(row => Titles.Of(row.Method)).ToList();
        var control = others.Find(row => row.Control);
        return $"Best {label}: {Titles.Of(first.Method)}{(first.Control ? " (a control)" : "")} {first.Value.Text()}{(first.Layer == "" ? "" : $" at `{first.Layer}`")}"
            + (level.Count > 0 ? $"; not told apart from it: {string.Join(", ", level)}" : "")
            + (control is null || first.Control ? "." : $"; the best control, {Titles.Of(control.Method)}, has {control.Value.Text()}.");
    }
}
