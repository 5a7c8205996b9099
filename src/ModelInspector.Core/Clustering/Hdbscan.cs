using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Embeddings;
using ModelInspector.Neighbors;
using ModelInspector.Numerics;

namespace ModelInspector.Clustering;

/// <summary>HDBSCAN: dense regions of any shape, and rows that belong to none.</summary>
/// <param name="MinClusterSize">Fewest rows of a group; 0 is a fiftieth of the rows, at least 5.</param>
/// <param name="MinSamples">Neighbours that decide how dense a place is; 0 is <see cref="MinClusterSize"/>.</param>
/// <remarks>
/// Joins rows by the larger of their distance and both rows' distances to their MinSamples-th neighbour (a minimum spanning tree), cuts the tree at every
/// height, and keeps the groups that persist longest (excess of mass). Rows × columns in, one group a row out, -1 for none. Cost: n²·d. It
/// misleads where densities differ much, in many columns (distances become alike: reduce them first), and on maps of t-SNE or UMAP, whose
/// densities are made by the method.
/// </remarks>
[Method("hdbscan", "Campello, Moulavi, Sander, PAKDD 2013; Campello et al., ACM TKDD 2015, algorithm 1 and §5",
    Summary = "Dense groups of any shape; rows between them belong to none.")]
public sealed record Hdbscan(
    [Range(0, 1000000), Description("fewest rows of a group; 0 is a fiftieth of the rows, at least 5")] int MinClusterSize = 0,
    [Range(0, 10000), Description("neighbours that decide how dense a place is; 0 is min-cluster-size")] int MinSamples = 0) : IClustering
{
    private const int FewestOfAll = 5, MostRows = 200_000;

    /// <inheritdoc/>
    public Clusters Cluster(Matrix data, Job job)
    {
        EmbeddingInput.Check(data, "hdbscan", 3);
        if (data.Rows > MostRows) throw new InputException($"hdbscan looks at every pair of rows; the data have {data.Rows:N0}, at most {MostRows:N0} are taken. Give a sample of them.");
        var size = Math.Max(2, MinClusterSize > 0 ? MinClusterSize : Math.Max(FewestOfAll, data.Rows / 50));
        var samples = Math.Min(data.Rows - 1, MinSamples > 0 ? MinSamples : size);
        var edges = SpanningTree.Of(data, Cores(data, samples, job), job);
        var labels = new DensityTree(edges, data.Rows, size).Labels();
        var none = labels.Count(label => label < 0);
        var figures = ImmutableSortedDictionary<string, double>.Empty.Add("silhouette", Silhouette.Mean(data, labels, job.Seed)).Add("rows in no group", (double)none / data.Rows);
        return Clusters.Of(labels, figures) with
        {
            Warnings = none == data.Rows ? [$"No group of at least {size} rows stands out; that is an answer too."] : [],
        };
    }

    // A row counts as its own first neighbour, as the method's authors count.
    private static float[] Cores(Matrix data, int samples, Job job)
    {
        if (samples < 2) return new float[data.Rows];
        var near = new ExactNeighbors().Index(data, job).All(samples - 1, job);
        return [.. Enumerable.Range(0, data.Rows).Select(row => near.DistancesOf(row)[^1])];
    }
}
