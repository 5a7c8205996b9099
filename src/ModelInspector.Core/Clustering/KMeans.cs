using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Embeddings;
using ModelInspector.Numerics;

namespace ModelInspector.Clustering;

/// <summary>k-means: as many round groups as asked for, or as many as the silhouette prefers.</summary>
/// <param name="Clusters">Number of groups; 0 tries 2 … <see cref="Most"/> and keeps the number of largest silhouette.</param>
/// <param name="Most">Largest number that is tried.</param>
/// <param name="Restarts">Starts; the best one is kept.</param>
/// <param name="Iterations">Most passes of one start.</param>
/// <remarks>
/// Minimises the sum of squared distances of rows to their group's mean; rows × columns in, one group a row out. Starts by k-means++ (Arthur
/// and Vassilvitskii 2007), then Lloyd's passes. Cost: restarts · iterations · n · k · d. It misleads by always finding groups, round and of
/// like size, also in a cloud that has none: read the silhouette (below about 0.25 there may be none) and the stability.
/// </remarks>
[Method("k-means", "Lloyd, IEEE Trans. Information Theory 1982; starts: Arthur, Vassilvitskii, SODA 2007; number of groups: Rousseeuw, 1987",
    Summary = "Round groups, as many as asked for or as the silhouette prefers.")]
public sealed record KMeans(
    [Range(0, 10000), Description("number of groups; 0 lets the silhouette choose")] int Clusters = 0,
    [Range(2, 1000), Description("largest number of groups that is tried")] int Most = 12,
    [Range(1, 1000), Description("starts; the best one is kept")] int Restarts = 5,
    [Range(1, 100000), Description("most passes of one start")] int Iterations = 100) : IClustering
{
    private const double Weak = 0.25;

    /// <inheritdoc/>
    public Clusters Cluster(Matrix data, Job job)
    {
        EmbeddingInput.Check(data, "k-means", 3);
        if (Clusters > data.Rows) throw new InputException($"k-means: clusters={Clusters} of {data.Rows} rows. Set clusters={data.Rows} or less.");
        var from = Clusters > 0 ? Clusters : 2;
        var to = Clusters > 0 ? Clusters : Math.Min(Most, data.Rows - 1);
        (KMeansRun Run, double Silhouette) best = (null!, double.NegativeInfinity);
        for (var count = from; count <= to; count++)
        {
            job.Report("k-means", count - from, to - from + 1);
            var run = Best(data, count, job);
            var silhouette = Silhouette.Mean(data, run.Labels, job.Seed);
            // NaN: all rows are alike, so that a single group is left.
            if (best.Run is null || silhouette > best.Silhouette) best = (run, silhouette);
        }
        job.Report("k-means", 1, 1);
        return Told(best.Run, best.Silhouette);
    }

    private KMeansRun Best(Matrix data, int count, Job job) =>
        Enumerable.Range(0, Restarts).Select(start => KMeansRun.Of(data, count, Iterations, new Randomness(job.Seed, (ulong)(count * 1000 + start)), job.Cancel)).MinBy(run => run.Spread)!;

    private static Clusters Told(KMeansRun run, double silhouette)
    {
        var figures = ImmutableSortedDictionary<string, double>.Empty.Add("silhouette", silhouette).Add("spread", run.Spread);
        return Clustering.Clusters.Of(run.Labels, figures) with
        {
            Warnings = silhouette >= Weak ? [] : ["The silhouette is weak: k-means finds groups also where there are none, and here there may be none."],
        };
    }
}
