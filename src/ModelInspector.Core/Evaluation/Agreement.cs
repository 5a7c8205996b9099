using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Evaluation;

/// <summary>What one row says of the map.</summary>
/// <param name="Intruders">Σ (rank in the data − k) over neighbours on the map that are none in the data.</param>
/// <param name="Missing">Σ (rank on the map − k) over neighbours in the data that are none on the map.</param>
/// <param name="Kept">Share of the nearest that stay, by neighbourhood size.</param>
/// <param name="Far">Distances to some rows in the data.</param>
/// <param name="Near">Distances to the same rows on the map.</param>
/// <param name="NearestRight">1 when the nearest labelled point has the same label; NaN without.</param>
/// <param name="TenRight">1 when most of the ten nearest labelled points have the same label.</param>
/// <param name="Silhouette">(b − a)/max(a, b) with the mean distances to the own and to the nearest other class.</param>
internal readonly record struct RowAgreement(
    double Intruders, double Missing, double[] Kept, double[] Far, double[] Near, double NearestRight, double TenRight, double Silhouette);

/// <summary>Compares one row's neighbourhood in the data with that on the map.</summary>
internal sealed class Agreement(Matrix data, Matrix points, int[] labels, int neighbors, int[] sizes)
{
    private const int Pairs = 32;
    private readonly int nearest = Math.Max(Math.Max(neighbors, sizes.Length > 0 ? sizes[^1] : 0), Math.Min(10, data.Rows - 1));

    /// <summary>Memory of one worker.</summary>
    public AgreementScratch Scratch() => new(data.Rows, nearest);

    /// <summary>Looks at one row.</summary>
    public RowAgreement Of(int row, AgreementScratch scratch)
    {
        Measure(data, row, scratch.Far);
        Measure(points, row, scratch.Near);
        scratch.Nearest(scratch.Far, row, scratch.InData);
        scratch.Nearest(scratch.Near, row, scratch.OnMap);
        return new RowAgreement(
            Excess(scratch.OnMap, scratch.InData, scratch.Far, row),
            Excess(scratch.InData, scratch.OnMap, scratch.Near, row),
            [.. sizes.Select(size => Shared(scratch, size))],
            Some(row, scratch.Far),
            Some(row, scratch.Near),
            NearestRight(row, scratch),
            MostRight(row, scratch),
            Silhouette(row, scratch.Near));
    }

    private static void Measure(Matrix rows, int row, float[] distances)
    {
        for (var other = 0; other < rows.Rows; other++) distances[other] = TensorPrimitives.Distance(rows.Row(row), rows.Row(other));
        distances[row] = float.PositiveInfinity;
    }

    private double Excess(int[] candidates, int[] home, float[] distances, int row)
    {
        var sum = 0.0;
        for (var k = 0; k < neighbors; k++)
            if (!home.AsSpan(0, neighbors).Contains(candidates[k])) sum += Rank(candidates[k], distances) - neighbors;
        return sum;
    }

    // 1 for the nearest; ties by index.
    private static int Rank(int other, float[] distances)
    {
        var (limit, rank) = (distances[other], 1);
        for (var i = 0; i < other; i++) rank += distances[i] <= limit ? 1 : 0;
        for (var i = other + 1; i < distances.Length; i++) rank += distances[i] < limit ? 1 : 0;
        return rank;
    }

    private static double Shared(AgreementScratch scratch, int size)
    {
        var there = scratch.InData.AsSpan(0, size).ToArray();
        Array.Sort(there);
        var shared = 0;
        foreach (var other in scratch.OnMap.AsSpan(0, size)) shared += Array.BinarySearch(there, other) >= 0 ? 1 : 0;
        return (double)shared / size;
    }

    // Distances to evenly spaced other rows, starting elsewhere for every row.
    private double[] Some(int row, float[] distances)
    {
        var count = Math.Min(Pairs, distances.Length - 1);
        return [.. Enumerable.Range(0, count).Select(i => (double)distances[(row + 1 + (int)((long)i * (distances.Length - 1) / count)) % distances.Length])];
    }

    private bool Labelled(int row) => labels.Length > 0 && labels[row] >= 0;

    private double NearestRight(int row, AgreementScratch scratch)
    {
        if (!Labelled(row)) return double.NaN;
        foreach (var other in scratch.OnMap)
            if (Labelled(other)) return labels[other] == labels[row] ? 1 : 0;
        return double.NaN;
    }

    // The most frequent label of the ten nearest; of equally frequent ones the one that comes first.
    private double MostRight(int row, AgreementScratch scratch)
    {
        if (!Labelled(row)) return double.NaN;
        var votes = scratch.OnMap.Where(Labelled).Take(10).Select(other => labels[other]).ToArray();
        if (votes.Length == 0) return double.NaN;
        return votes.GroupBy(label => label).MaxBy(group => group.Count())!.Key == labels[row] ? 1 : 0;
    }

    private double Silhouette(int row, float[] distances)
    {
        if (!Labelled(row)) return double.NaN;
        var classes = labels.Max() + 1;
        var (sums, counts) = (new double[classes], new int[classes]);
        for (var other = 0; other < labels.Length; other++)
            if (other != row && labels[other] >= 0) (sums[labels[other]], counts[labels[other]]) = (sums[labels[other]] + distances[other], counts[labels[other]] + 1);
        var own = labels[row];
        var others = Enumerable.Range(0, classes).Where(label => label != own && counts[label] > 0).Select(label => sums[label] / counts[label]).ToArray();
        if (others.Length == 0) return double.NaN;
        if (counts[own] == 0) return 0; // alone in its class, by convention
        var (inside, outside) = (sums[own] / counts[own], others.Min());
        return Math.Max(inside, outside) > 0 ? (outside - inside) / Math.Max(inside, outside) : 0;
    }
}

/// <summary>Memory of one worker.</summary>
internal sealed class AgreementScratch(int rows, int nearest)
{
    private readonly ulong[] keys = new ulong[rows];

    public float[] Far { get; } = new float[rows];

    public float[] Near { get; } = new float[rows];

    public int[] InData { get; } = new int[nearest];

    public int[] OnMap { get; } = new int[nearest];

    /// <summary>Fills in the nearest rows, nearest first, ties by index.</summary>
    public void Nearest(float[] distances, int self, int[] into)
    {
        if (into.Length == 0) return;
        for (var i = 0; i < keys.Length; i++) keys[i] = ((ulong)BitConverter.SingleToUInt32Bits(distances[i]) << 32) | (uint)i;
        Selection.Smallest(keys, into.Length);
        keys.AsSpan(0, into.Length).Sort();
        for (var k = 0; k < into.Length; k++) into[k] = (int)(uint)keys[k];
    }
}
