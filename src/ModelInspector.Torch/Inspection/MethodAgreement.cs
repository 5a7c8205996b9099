using System.Collections.Immutable;
using System.Globalization;
using ModelInspector.Evaluation;
using ModelInspector.Findings;

namespace ModelInspector.Inspection;

/// <summary>How much the maps of two methods have in common, image by image and layer by layer.</summary>
/// <param name="images">Number of images.</param>
internal sealed class MethodAgreement(int images)
{
    /// <summary>What is measured.</summary>
    public const string Metric = "shared-brightest-tenth";

    private readonly ImageScores<(string Layer, string Pair)> scores = new(images);
    private readonly Dictionary<string, double> chance = [];

    /// <summary>Notes the two maps of one image at one layer.</summary>
    public void Add(string layer, string one, string other, int image, ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        chance[layer] = (double)BrightestOverlap.Tenth(first.Length) / first.Length;
        scores.Add((layer, $"{Titles.Of(one)} and {Titles.Of(other)}"), image, new(BrightestOverlap.Of(first, second)));
    }

    /// <summary>Means with intervals, and beside each layer what unrelated maps would share.</summary>
    /// <param name="units">Name of each image's unit; empty: each image is its own.</param>
    /// <param name="seed">Of the choice of images and of the intervals.</param>
    public MapSimilarity Finish(ImmutableArray<string> units, ulong seed)
    {
        var draws = new Bootstrap().Over(units, images, seed);
        ImmutableArray<DepthRow> rows = [.. scores.Keys.Select(key => new DepthRow(key.Layer, key.Pair, Metric, null, scores.Mean(key, draws), false)).Where(row => row.Value.Count > 0)];
        var by = rows.Select(row => row.Layer).Distinct().Select(layer => new DepthRow(layer, "chance", Metric, null, new(chance[layer], chance[layer], chance[layer], images), true));
        return new("Agreement of methods", From(seed), [.. rows, .. by], [.. rows.GroupBy(row => row.Method).Select(pair => Sentence(pair.Key, [.. pair]))]);
    }

    private Provenance From(ulong seed) => new(
        "method-agreement", new Dictionary<string, string> { ["images"] = images.ToString(CultureInfo.InvariantCulture), ["brightest"] = "a tenth of the positions" }.ToImmutableSortedDictionary(),
        seed, "Krishna et al., The disagreement problem in explainable machine learning, 2022 (agreement of the most important features)");

    private static string Sentence(string pair, List<DepthRow> rows) =>
        $"{pair} share, of the brightest tenth of their positions: {string.Join(", ", rows.Select(row => $"{Text(row.Value)} at `{row.Layer}`"))}.";

    /// <summary>"41 % [38 %, 44 %]".</summary>
    internal static string Text(Interval value) => value.Low < value.High ? $"{Share(value.Estimate)} [{Share(value.Low)}, {Share(value.High)}]" : Share(value.Estimate);

    /// <summary>"41 %".</summary>
    internal static string Share(double value) => (100 * value).ToString("0", CultureInfo.InvariantCulture) + " %";
}
