using System.Globalization;
using ModelInspector.Findings;

namespace ModelInspector.Evaluation.Sanity;

/// <summary>Whether maps depend on what the network has learned: a reason to trust what rests on them, or not to.</summary>
/// <param name="Limit">
/// Rank correlation between the maps before and after all weights were replaced from which a map counts as unchanged. At 0.7 half of the
/// order's variance (0.7² ≈ 0.5) is there without anything learned.
/// </param>
public sealed record RandomisationTrust(double Limit = 0.7)
{
    private const int MostNamed = 3;

    /// <summary>Judges one method: it fails where the maps of at least half of the layers stay unchanged.</summary>
    /// <param name="finding">The cascade.</param>
    /// <param name="method">Which maps.</param>
    public TrustCheck Of(ParameterRandomisationByLayer finding, string method)
    {
        var last = finding.Rows.Where(row => row.Method == method && row.Metric == "rank-correlation" && row.Stage == finding.Stages[^1]).ToList();
        if (last.Count == 0) return new("sanity check", null, $"No map of {Titles.Of(method)} could be compared before and after its weights were replaced.");
        var unchanged = last.Where(row => row.Value.Estimate >= Limit).ToList();
        return new("sanity check", 2 * unchanged.Count < last.Count, Sentence(method, last, unchanged));
    }

    private static string Sentence(string method, List<RandomisationRow> last, List<RandomisationRow> unchanged)
    {
        var (least, most) = (last.MinBy(row => row.Value.Estimate)!, last.MaxBy(row => row.Value.Estimate)!);
        var numbers = last.Count == 1 ? $"rank correlation {Text(most)}" : $"rank correlation between {Text(least)} at `{least.Layer}` and {Text(most)} at `{most.Layer}`";
        return unchanged.Count == 0
            ? $"Maps of {Titles.Of(method)} change when the weights are randomised ({numbers})."
            : $"Maps of {Titles.Of(method)} keep their order although all weights are randomised at {unchanged.Count} of {last.Count} {(last.Count == 1 ? "layer" : "layers")}: {Named(unchanged)} ({numbers}).";
    }

    private static string Named(List<RandomisationRow> rows) =>
        string.Join(", ", rows.Take(MostNamed).Select(row => $"`{row.Layer}`")) + (rows.Count > MostNamed ? $" and {rows.Count - MostNamed} more" : "");

    private static string Text(RandomisationRow row) => row.Value.Estimate.ToString("0.00;−0.00;0.00", CultureInfo.InvariantCulture);
}
