using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Clustering;

/// <summary>
/// How much nearer rows lie to their own group than to the next: the mean of (b − a)/max(a, b), with a and b a row's mean distances to its own and
/// to the nearest other group. Source: Rousseeuw, 1987. Large sets: a sample of rows, each compared with all.
/// </summary>
public static class Silhouette
{
    private const int Sample = 1000;

    /// <summary>Mean over rows that have a group; NaN with fewer than two groups.</summary>
    public static double Mean(Matrix data, int[] labels, ulong seed = 0)
    {
        var classes = labels.Length == 0 ? 0 : labels.Max() + 1;
        int[] labelled = [.. Enumerable.Range(0, data.Rows).Where(row => labels[row] >= 0)];
        if (classes < 2 || labelled.Select(row => labels[row]).Distinct().Count() < 2) return double.NaN;
        var chosen = new Randomness(seed, 0x51).Choose(labelled.Length, Math.Min(Sample, labelled.Length));
        var sum = RowParallel.Sum(chosen.Length, 16, (from, to) =>
        {
            var total = 0.0;
            for (var i = from; i < to; i++) total += Of(data, labels, classes, labelled[chosen[i]]);
            return total;
        });
        return sum / chosen.Length;
    }

    /// <summary>The silhouette of one row; 0 when it is alone in its group, NaN without another group.</summary>
    internal static double Of(Matrix data, int[] labels, int classes, int row)
    {
        var (sums, counts) = (new double[classes], new int[classes]);
        for (var other = 0; other < labels.Length; other++)
        {
            if (other == row || labels[other] < 0) continue;
            sums[labels[other]] += TensorPrimitives.Distance(data.Row(row), data.Row(other));
            counts[labels[other]]++;
        }
        return Of(sums, counts, labels[row]);
    }

    /// <summary>From the sums of distances to each group and their sizes, the row itself left out.</summary>
    internal static double Of(double[] sums, int[] counts, int own)
    {
        var nearest = double.PositiveInfinity;
        for (var label = 0; label < sums.Length; label++)
            if (label != own && counts[label] > 0) nearest = Math.Min(nearest, sums[label] / counts[label]);
        if (double.IsInfinity(nearest)) return double.NaN;
        if (counts[own] == 0) return 0; // alone in its group, by convention
        var inside = sums[own] / counts[own];
        return Math.Max(inside, nearest) > 0 ? (nearest - inside) / Math.Max(inside, nearest) : 0;
    }
}
