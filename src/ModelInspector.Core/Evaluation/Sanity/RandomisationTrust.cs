using System.Globalization;
using ModelInspector.Findings;

namespace ModelInspector.Evaluation.Sanity;

/// <summary>Whether maps depend on what the network has learned: a reason to trust what rests on them, or not to.</summary>
/// <param name="Limit">
/// Rank correlation between the maps before and after weights were replaced from which a map counts as unchanged. At 0.7 half of the
/// order's variance (0.7² ≈ 0.5) is there without anything learned.
/// </param>
public sealed record RandomisationTrust(double Limit = 0.7)
{
    private const int MostNamed = 3;

    /// <summary>
    /// Judges one method: it fails where the maps of at least half of the layers stay unchanged, be it when all weights are replaced, or, among the layers that come before everything
    /// replaced, when only the upper ones are: a map that does not notice those does not show what the network decides by.
    /// </summary>
    /// <param name="finding">The cascade.</param>
    /// <param name="method">Which maps.</param>
    public TrustCheck Of(ParameterRandomisationByLayer finding, string method)
    {
        var rows = finding.Rows.Where(row => row.Method == method && row.Metric == "rank-correlation").ToList();
        var last = rows.Where(row => row.Stage == finding.Stages[^1]).ToList();
        if (last.Count == 0) return new("sanity check", null, $"No map of {Titles.Of(method)} could be compared before and after its weights were replaced.");
        if (IsUnchanged(last)) return new("sanity check", false, Kept(method, last, "all weights are randomised"));
        var upper = rows.Where(row => row.Intact && row.Stage != finding.Stages[^1]).GroupBy(row => row.Stage).Select(stage => stage.ToList()).MaxBy(Unchanged);
        return upper is not null && IsUnchanged(upper)
            ? new("sanity check", false, Kept(method, upper, $"all weights from `{upper[0].Stage}` to the end are randomised,"))
            : new("sanity check", true, Changed(method, last, upper));
    }

    private double Unchanged(List<RandomisationRow> rows) => rows.Count(row => row.Value.Estimate >= Limit) / (double)rows.Count;

    private bool IsUnchanged(List<RandomisationRow> rows) => Unchanged(rows) >= 0.5;

    private string Changed(string method, List<RandomisationRow> last, List<RandomisationRow>? upper)
    {
        var some = last.Where(row => row.Value.Estimate >= Limit).ToList();
        if (some.Count > 0) return Kept(method, last, "all weights are randomised");
        var before = upper?.MaxBy(row => row.Value.Estimate) is { } most ? $"; with only those from `{most.Stage}` to the end replaced at most {Text(most)}, at `{most.Layer}`" : "";
        return $"Maps of {Titles.Of(method)} change when the weights are randomised ({Numbers(last)}{before}).";
    }

    private string Kept(string method, List<RandomisationRow> rows, string though)
    {
        var unchanged = rows.Where(row => row.Value.Estimate >= Limit).ToList();
        var places = rows[0].Intact ? $"{rows.Count} {(rows.Count == 1 ? "layer" : "layers")} before them" : rows.Count == 1 ? "1 layer" : $"{rows.Count} layers";
        return $"Maps of {Titles.Of(method)} keep their order although {though} at {unchanged.Count} of {places}: {Named(unchanged)} ({Numbers(rows)}).";
    }

    private static string Numbers(List<RandomisationRow> rows)
    {
        var (least, most) = (rows.MinBy(row => row.Value.Estimate)!, rows.MaxBy(row => row.Value.Estimate)!);
        return rows.Count == 1 ? $"rank correlation {Text(most)}" : $"rank correlation between {Text(least)} at `{least.Layer}` and {Text(most)} at `{most.Layer}`";
    }

    private static string Named(List<RandomisationRow> rows) =>
        string.Join(", ", rows.Take(MostNamed).Select(row => $"`{row.Layer}`")) + (rows.Count > MostNamed ? $" and {rows.Count - MostNamed} more" : "");

    private static string Text(RandomisationRow row) => row.Value.Estimate.ToString("0.00;−0.00;0.00", CultureInfo.InvariantCulture);
}
