using System.Collections.Immutable;
using ModelInspector.Findings;
using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Localisation;

/// <summary>Scores by group of images.</summary>
/// <param name="MostGroups">Columns with more groups than this are left out and said to be; images without a value are in no group.</param>
public sealed record GroupScores(int MostGroups = 30)
{
    // The whole table by group would be mostly unread.
    private static readonly HashSet<(string, double?)> Chosen = [("specificity", 0.2), ("sensitivity", 0.2), ("auroc", null), ("energy-inside", null)];

    /// <summary>The scores of a table by every group of some columns.</summary>
    /// <param name="table">The scores.</param>
    /// <param name="columns">One value an image; an empty one means that the image is in no group.</param>
    /// <param name="bootstrap">How intervals are made.</param>
    /// <param name="units">Name of each image's unit; empty: each image is its own.</param>
    /// <param name="seed">Of the intervals.</param>
    public ScoresByGroup Of(DepthTable table, ImmutableArray<SampleColumn> columns, Bootstrap bootstrap, ImmutableArray<string> units, ulong seed)
    {
        var groups = columns.SelectMany(Groups).ToList();
        ImmutableArray<string> left = [.. columns.Select(LeftOut).OfType<string>()];
        if (groups.Count == 0) return new("Scores by group", Provenance.Of("scores-by-group", seed), [], left);
        var draws = bootstrap.Over(units, columns[0].Values.Length, seed);
        var measured = table.Measured().Where(scores => scores.Threshold is null ? scores.Looked is null || Chosen.Contains((scores.Metric, null)) : Chosen.Contains((scores.Metric, scores.Threshold))).ToList();
        var rows = new GroupRow?[groups.Count * measured.Count];
        RowParallel.Run(rows.Length, 1, (_, i, _) => rows[i] = Row(groups[i / measured.Count], measured[i % measured.Count], draws));
        ImmutableArray<GroupRow> defined = [.. rows.OfType<GroupRow>()];
        return new("Scores by group", Provenance.Of("scores-by-group", seed), defined, [.. columns.Select(column => Sentence(column.Name, table, defined)).OfType<string>(), .. left]);
    }

    private IEnumerable<(string Column, string Group, bool[] Inside)> Groups(SampleColumn column)
    {
        var names = Names(column);
        return LeftOut(column) is not null ? [] : names.Select(name => (column.Name, name, column.Values.Select(value => value == name).ToArray()));
    }

    private string? LeftOut(SampleColumn column) => Names(column).Count switch
    {
        < 2 => $"No scores by `{column.Name}`: all images that have a value there have the same.",
        var many when many > MostGroups => $"No scores by `{column.Name}`: it has {many} groups, and up to {MostGroups} are shown. `scores.csv` has every image.",
        _ => null,
    };

    private static List<string> Names(SampleColumn column) => [.. column.Values.Where(value => value != "").Distinct().Order(StringComparer.Ordinal)];

    private static GroupRow? Row((string Column, string Group, bool[] Inside) group, MeasuredScores scores, BootstrapDraws draws)
    {
        var inside = scores with { Values = [.. scores.Values.Select((value, image) => group.Inside[image] ? value : double.NaN)] };
        return inside.Row(draws) is { } row ? new(group.Column, group.Group, row) : null;
    }

    private static string? Sentence(string column, DepthTable table, ImmutableArray<GroupRow> rows)
    {
        var auroc = rows.Where(row => row.Column == column && row.Scores.Metric == "auroc" && row.Scores.Method == table.Methods[0] && !row.Scores.Control).ToList();
        var layer = auroc.GroupBy(row => row.Scores.Layer).MaxBy(at => at.Average(row => row.Scores.Value.Estimate))?.Key;
        if (auroc.Where(row => row.Scores.Layer == layer).OrderBy(row => row.Scores.Value.Estimate).ToList() is not [var worst, .., var best]) return null;
        return $"By `{column}`, AUROC of {Titles.Of(table.Methods[0])} at `{layer}` is lowest where it is `{worst.Group}`: {worst.Scores.Value.Text()}; highest where it is `{best.Group}`: {best.Scores.Value.Text()}.";
    }
}
