using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Sanity;

/// <summary>Whether two maps put the positions in the same order.</summary>
/// <remarks>
/// Spearman's rank correlation over positions, ties at their mean rank. Unit: none; 1 is the same order, 0 unrelated, −1 reversed. Misleads: where most of
/// a map is zero the ties dominate, and two maps that share their dark background correlate although they light different things.
/// </remarks>
[Method("rank-correlation", "Adebayo et al., Sanity checks for saliency maps, NeurIPS 2018; Spearman 1904", Summary = "Spearman's correlation of two maps over positions.")]
public sealed record RankCorrelation : IMetric<MapPair>
{
    /// <inheritdoc/>
    public Score Measure(MapPair subject, Job job)
    {
        if (subject.Undefined is { } reason) return Score.None(reason);
        var value = RankOrder.Correlation(Doubles(subject.One), Doubles(subject.Other));
        return double.IsNaN(value) ? Score.None("a map is the same everywhere") : new(value);
    }

    private static double[] Doubles(NdArray map) => Array.ConvertAll(map.Values, value => (double)value);
}
