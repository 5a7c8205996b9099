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
        return new("Agreement of methods", From(seed), [.. rows, .. by], [.. rows.GroupBy(row => row.Method).SelectMany(pair => Sentences(pair.Key, [.. pair]))]);
    }

    private Provenance From(ulong seed) => new(
        "method-agreement", new Dictionary<string, string> { ["images"] = images.ToString(CultureInfo.InvariantCulture), ["brightest"] = "a tenth of the positions" }.ToImmutableSortedDictionary(),
        seed, "Krishna et al., The disagreement problem in explainable machine learning, 2022 (agreement of the most important features)");

    /// <summary>Whether the two maps are the same: at some layers two formulas are one, and their agreement says nothing of the network.</summary>
    internal static bool AreOne(DepthRow row) => row.Value.Estimate > 0.999;

    /// <summary>"41 % [38 %, 44 %] at `conv1` to 93 % [91 %, 95 %] at `conv5`".</summary>
    internal static string Range(List<DepthRow> rows)
    {
        var (least, most) = (rows.MinBy(row => row.Value.Estimate)!, rows.MaxBy(row => row.Value.Estimate)!);
        return least == most ? $"{Text(least.Value)} at `{least.Layer}`" : $"{Text(least.Value)} at `{least.Layer}` to {Text(most.Value)} at `{most.Layer}`";
    }

    private static IEnumerable<string> Sentences(string pair, List<DepthRow> rows)
    {
        var (one, telling) = (rows.Where(AreOne).ToList(), rows.Where(row => !AreOne(row)).ToList());
        if (telling.Count > 0) yield return $"{pair} share, of the brightest tenth of their positions, {Range(telling)}.";
        if (one.Count > 0) yield return $"At {(one.Count == 1 ? $"`{one[0].Layer}`" : $"{one.Count} layers, `{one[0].Layer}` the first of them,")} the maps of {pair} are the same: there both formulas are one, whatever the network does.";
    }

    /// <summary>"41 % [38 %, 44 %]".</summary>
    internal static string Text(Interval value) => value.Low < value.High ? $"{Share(value.Estimate)} [{Share(value.Low)}, {Share(value.High)}]" : Share(value.Estimate);

    /// <summary>"41 %".</summary>
    internal static string Share(double value) => (100 * value).ToString("0", CultureInfo.InvariantCulture) + " %";
}
