using System.ComponentModel;
using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Sanity;

/// <summary>Whether two maps put the positions in the same order.</summary>
/// <param name="Statistic">How orders are compared.</param>
/// <remarks>
/// Spearman's rank correlation over positions, ties at their mean rank; or Kendall's τ-b, pairs in the same order minus pairs in opposite order among those that differ.
/// Unit: none; 1 is the same order, 0 unrelated, −1 reversed; τ is mostly the smaller of the two. Misleads: where most of
/// a map is zero the ties dominate, and two maps that share their dark background correlate although they light different things.
/// </remarks>
[Method("rank-correlation", "Adebayo et al., Sanity checks for saliency maps, NeurIPS 2018; Spearman 1904; Kendall 1945", Summary = "Rank correlation of two maps over positions.")]
public sealed record RankCorrelation([Description("How orders are compared.")] RankStatistic Statistic = RankStatistic.Spearman) : IMetric<MapPair>
{
    /// <inheritdoc/>
    public Score Measure(MapPair subject, Job job)
    {
        if (subject.Undefined is { } reason) return Score.None(reason);
        var (one, other) = (Doubles(subject.One), Doubles(subject.Other));
        var value = Statistic == RankStatistic.Kendall ? RankOrder.Concordance(one, other) : RankOrder.Correlation(one, other);
        return double.IsNaN(value) ? Score.None("a map is the same everywhere") : new(value);
    }

    private static double[] Doubles(NdArray map) => Array.ConvertAll(map.Values, value => (double)value);
}
