using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Clustering;

/// <summary>One start of k-means and where it ended.</summary>
/// <param name="Labels">Group of each row.</param>
/// <param name="Spread">Mean squared distance of rows to their group's mean.</param>
internal sealed record KMeansRun(int[] Labels, double Spread)
{
    private const int Chunk = 256;

    public static KMeansRun Of(Matrix data, int count, int iterations, Randomness random, CancellationToken cancel)
    {
        var centres = Start(data, count, random);
        var (labels, gaps) = (new int[data.Rows], new double[data.Rows]);
        Array.Fill(labels, -1);
        for (var pass = 0; pass < iterations && Assign(data, centres, labels, gaps, cancel); pass++) centres = Means(data, centres, labels, gaps);
        return new(labels, gaps.Average());
    }

    // k-means++: each next centre is a row drawn with a chance proportional to its squared distance to the centres so far.
    private static Matrix Start(Matrix data, int count, Randomness random)
    {
        var centres = new Matrix(count, data.Columns);
        var gaps = new double[data.Rows];
        Array.Fill(gaps, double.PositiveInfinity);
        var next = random.Below(data.Rows, 0);
        for (var centre = 0; centre < count; centre++)
        {
            data.Row(next).CopyTo(centres.Row(centre));
            var place = centre;
            RowParallel.Run(data.Rows, Chunk, (_, from, to) =>
            {
                for (var row = from; row < to; row++) gaps[row] = Math.Min(gaps[row], Squared(data.Row(row), centres.Row(place)));
            });
            next = Draw(gaps, random.Uniform((ulong)centre + 1));
        }
        return centres;
    }

    private static int Draw(double[] gaps, double share)
    {
        var left = share * gaps.Sum();
        for (var row = 0; row < gaps.Length - 1; row++)
            if ((left -= gaps[row]) < 0) return row;
        return gaps.Length - 1;
    }

    private static bool Assign(Matrix data, Matrix centres, int[] labels, double[] gaps, CancellationToken cancel)
    {
        var moved = RowParallel.Chunks(data.Rows, Chunk) is var chunks ? new bool[chunks] : [];
        RowParallel.Run(data.Rows, Chunk, (chunk, from, to) =>
        {
            for (var row = from; row < to; row++) moved[chunk] |= Assign(data.Row(row), centres, ref labels[row], ref gaps[row]);
        }, cancel);
        return moved.Contains(true);
    }

    private static bool Assign(ReadOnlySpan<float> row, Matrix centres, ref int label, ref double gap)
    {
        var (nearest, least) = (0, double.PositiveInfinity);
        for (var centre = 0; centre < centres.Rows; centre++)
            if (Squared(row, centres.Row(centre)) is var squared && squared < least) (nearest, least) = (centre, squared);
        var moved = nearest != label;
        (label, gap) = (nearest, least);
        return moved;
    }

    // A group that lost its last row starts anew at the row that is farthest from its own.
    private static Matrix Means(Matrix data, Matrix before, int[] labels, double[] gaps)
    {
        var (sums, counts) = (new double[before.Values.Length], new int[before.Rows]);
        for (var row = 0; row < data.Rows; row++)
        {
            counts[labels[row]]++;
            var sum = sums.AsSpan(labels[row] * data.Columns, data.Columns);
            var values = data.Row(row);
            for (var column = 0; column < values.Length; column++) sum[column] += values[column];
        }
        var means = new Matrix(before.Rows, before.Columns);
        for (var centre = 0; centre < means.Rows; centre++)
        {
            if (counts[centre] == 0) data.Row(Farthest(gaps)).CopyTo(means.Row(centre));
            else for (var column = 0; column < means.Columns; column++) means[centre, column] = (float)(sums[centre * means.Columns + column] / counts[centre]);
        }
        return means;
    }

    private static int Farthest(double[] gaps)
    {
        var row = TensorPrimitives.IndexOfMax<double>(gaps);
        gaps[row] = 0;
        return row;
    }

    private static double Squared(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        var distance = (double)TensorPrimitives.Distance(one, other);
        return distance * distance;
    }
}
