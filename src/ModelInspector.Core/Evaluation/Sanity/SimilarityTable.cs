using System.Collections.Immutable;
using ModelInspector.Findings;

namespace ModelInspector.Evaluation.Sanity;

/// <summary>Compares two maps of each image, layer by layer and method by method.</summary>
/// <param name="images">Number of images.</param>
public sealed class SimilarityTable(int images)
{
    private static readonly ImmutableArray<(string Name, IMetric<MapPair> Metric)> Metrics =
        [("rank-correlation", new RankCorrelation()), ("structural-similarity", new StructuralSimilarity())];

    private readonly ImageScores<(string Layer, string Method, string Metric)> scores = new(images);

    /// <summary>Adds the two maps of one image.</summary>
    public void Add(string layer, string method, int image, MapPair maps)
    {
        foreach (var (name, metric) in Metrics) scores.Add((layer, method, name), image, metric.Measure(maps, Job.Quiet()));
    }

    /// <summary>Means with intervals.</summary>
    /// <param name="title">Heading.</param>
    /// <param name="under">What the two maps differ in: "for another class".</param>
    /// <param name="from">How it was measured.</param>
    /// <param name="bootstrap">How intervals are made.</param>
    /// <param name="units">Name of each image's unit; empty: each image is its own.</param>
    public MapSimilarity Finish(string title, string under, Provenance from, Bootstrap bootstrap, ImmutableArray<string> units)
    {
        var draws = bootstrap.Over(units, images, from.Seed);
        ImmutableArray<DepthRow> rows =
            [.. scores.Keys.Select(key => new DepthRow(key.Layer, key.Method, key.Metric, null, scores.Mean(key, draws), false)).Where(row => row.Value.Count > 0)];
        return new(title, from, rows, [.. rows.Where(row => row.Metric == Metrics[0].Name).GroupBy(row => row.Method).Select(method => Sentence(method.Key, under, [.. method]))]);
    }

    private static string Sentence(string method, string under, List<DepthRow> rows) => rows.Count == 1
        ? $"Rank correlation of {Titles.Of(method)} maps {under}: {rows[0].Value.Text(2)}."
        : $"Rank correlation of {Titles.Of(method)} maps {under}: {string.Join(", ", new[] { rows[0], rows[^1] }.Select(row => $"{row.Value.Text(2)} at `{row.Layer}`"))}.";
}
