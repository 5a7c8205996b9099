using System.Collections.Immutable;
using ModelInspector.Numerics;

namespace ModelInspector.Clustering;

/// <summary>Sorts rows into groups without being told any. Implementations are sealed records of their parameters.</summary>
public interface IClustering
{
    /// <summary>Sorts every row of <paramref name="data"/>.</summary>
    /// <exception cref="InputException">The data hold NaN or infinity, or are too few for the parameters.</exception>
    Clusters Cluster(Matrix data, Job job);
}

/// <summary>Groups of rows.</summary>
/// <param name="Labels">Cluster of each row, the largest cluster first; -1 for a row that belongs to none.</param>
/// <param name="Count">Number of clusters.</param>
/// <param name="Figures">What the method knows of its own result: "silhouette" 0.61.</param>
public sealed record Clusters(ImmutableArray<int> Labels, int Count, ImmutableSortedDictionary<string, double> Figures)
{
    /// <summary>What a reader must know before believing the groups.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Clusters numbered by falling size, ties by first row.</summary>
    internal static Clusters Of(ReadOnlySpan<int> labels, ImmutableSortedDictionary<string, double> figures)
    {
        var order = labels.ToArray().Where(label => label >= 0).GroupBy(label => label).OrderByDescending(group => group.Count()).Select(group => group.Key).ToList();
        var place = order.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        return new([.. labels.ToArray().Select(label => label < 0 ? -1 : place[label])], order.Count, figures);
    }
}
