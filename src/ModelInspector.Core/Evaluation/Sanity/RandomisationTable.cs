using System.Collections.Immutable;
using ModelInspector.Findings;

namespace ModelInspector.Evaluation.Sanity;

/// <summary>A stage of the cascade.</summary>
/// <param name="Lowest">The lowest layer whose weights are replaced; all behind it are replaced too.</param>
/// <param name="Replaced">Share of all weights that is replaced.</param>
public sealed record RandomisationStage(string Lowest, double Replaced)
{
    /// <summary>Layers that nothing replaced lies before: they give what they gave. The input is among them.</summary>
    public IReadOnlySet<string> Intact { get; init; } = ImmutableHashSet<string>.Empty;
}

/// <summary>Compares maps before and after each stage of a cascade, image by image.</summary>
/// <param name="stages">From the end of the network to its beginning.</param>
/// <param name="images">Number of images.</param>
public sealed class RandomisationTable(ImmutableArray<RandomisationStage> stages, int images)
{
    private static readonly ImmutableArray<(string Name, IMetric<MapPair> Metric)> Metrics =
        [("rank-correlation", new RankCorrelation()), ("structural-similarity", new StructuralSimilarity())];

    private readonly ImageScores<(int Stage, string Layer, string Method, string Metric)> scores = new(images);

    /// <summary>Adds one image's map before and after the replacement.</summary>
    public void Add(int stage, string layer, string method, int image, MapPair maps)
    {
        foreach (var (name, metric) in Metrics) scores.Add((stage, layer, method, name), image, metric.Measure(maps, Job.Quiet()));
    }

    /// <summary>Means with intervals, and what they say.</summary>
    /// <param name="from">How it was measured.</param>
    /// <param name="bootstrap">How intervals are made.</param>
    /// <param name="units">Name of each image's unit; empty: each image is its own.</param>
    public ParameterRandomisationByLayer Finish(Provenance from, Bootstrap bootstrap, ImmutableArray<string> units)
    {
        var draws = bootstrap.Over(units, images, from.Seed);
        ImmutableArray<RandomisationRow> rows =
        [
            .. scores.Keys.Select(key => new RandomisationRow(stages[key.Stage].Lowest, stages[key.Stage].Replaced, key.Layer, key.Method, key.Metric, scores.Mean(key, draws)) { Intact = stages[key.Stage].Intact.Contains(key.Layer) })
                .Where(row => row.Value.Count > 0),
        ];
        var finding = new ParameterRandomisationByLayer("Parameter randomisation", from, [.. stages.Select(stage => stage.Lowest)], rows, []);
        return finding with { Sentences = [.. rows.Select(row => row.Method).Distinct().Select(method => new RandomisationTrust().Of(finding, method).Sentence)] };
    }
}
