using System.Collections.Immutable;
using ModelInspector.Numerics;

namespace ModelInspector.Clustering;

/// <summary>
/// Whether groups are found again: several times a share of the rows is drawn, grouped with another seed, and compared with the groups of all rows on the rows
/// that were drawn, by the adjusted Rand index. Source: Hennig, Computational Statistics and Data Analysis 2007 (idea); Hubert and Arabie 1985.
/// </summary>
/// <param name="Draws">How many times.</param>
/// <param name="Share">Share of the rows in each draw.</param>
public sealed record ClusterStability(int Draws = 5, double Share = 0.8)
{
    /// <summary>Clusters with their stability among the figures: the mean index over draws, and the lowest one.</summary>
    /// <param name="clustering">The method.</param>
    /// <param name="data">Rows.</param>
    /// <param name="job">Seed, progress, cancellation.</param>
    public Clusters Cluster(IClustering clustering, Matrix data, Job job)
    {
        var whole = clustering.Cluster(data, job);
        var count = (int)(data.Rows * Share);
        if (count < 4 || whole.Count == 0) return whole;
        double[] found = [.. Enumerable.Range(0, Draws).Select(draw => Again(clustering, data, whole, count, draw, job))];
        found = [.. found.Where(double.IsFinite)];
        if (found.Length == 0) return whole;
        var figures = whole.Figures.Add("stability (adjusted Rand index)", found.Average()).Add("stability, lowest", found.Min());
        ImmutableArray<string> told = found.Average() >= Doubtful ? [] :
            [FormattableString.Invariant($"Other draws of the rows give other groups (adjusted Rand index {found.Average():0.00}); do not build on these.")];
        return whole with { Figures = figures, Warnings = whole.Warnings.AddRange(told) };
    }

    private const double Doubtful = 0.6;

    private static double Again(IClustering clustering, Matrix data, Clusters whole, int count, int draw, Job job)
    {
        job.Report("stability", draw, 0);
        var rows = new Randomness(job.Seed, 0x57AB + (ulong)draw).Choose(data.Rows, count);
        Array.Sort(rows);
        var again = clustering.Cluster(data.Select(rows), job with { Seed = job.Seed + 1 + (ulong)draw });
        return AdjustedRand.Index([.. rows.Select(row => whole.Labels[row])], again.Labels.AsSpan());
    }
}
