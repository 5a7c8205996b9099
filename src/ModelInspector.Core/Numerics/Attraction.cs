namespace ModelInspector.Numerics;

/// <summary>The attraction of t-SNE: Σ_j p_ij (y_i − y_j)/(1 + d²) over the entries of every row.</summary>
internal static class Attraction
{
    private const int Chunk = 512;

    /// <summary>Writes the sums into <paramref name="forces"/>, one array an axis.</summary>
    public static void Forces(SparseRows affinities, float[][] points, float[][] forces) =>
        RowParallel.Run(affinities.Rows, Chunk, (_, from, to) =>
        {
            for (var row = from; row < to; row++) Row(row, affinities.ColumnsOf(row), affinities.ValuesOf(row), points, forces);
        });

    /// <summary>Σ p_ij ln(p_ij (1 + d²)): the divergence, but for the logarithm of the normaliser.</summary>
    public static double Divergence(SparseRows affinities, float[][] points) => RowParallel.Sum(affinities.Rows, Chunk, (from, to) =>
    {
        var sum = 0.0;
        for (var row = from; row < to; row++)
        {
            var columns = affinities.ColumnsOf(row);
            var values = affinities.ValuesOf(row);
            for (var k = 0; k < columns.Length; k++)
                if (values[k] > 0) sum += values[k] * Math.Log(values[k] * (1.0 + Squared(points, row, columns[k])));
        }
        return sum;
    });

    private static void Row(int row, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, float[][] points, float[][] forces)
    {
        Span<float> sum = stackalloc float[points.Length];
        for (var k = 0; k < columns.Length; k++)
        {
            var pull = values[k] / (1 + Squared(points, row, columns[k]));
            for (var axis = 0; axis < sum.Length; axis++) sum[axis] += pull * (points[axis][row] - points[axis][columns[k]]);
        }
        for (var axis = 0; axis < sum.Length; axis++) forces[axis][row] = sum[axis];
    }

    private static float Squared(float[][] points, int a, int b)
    {
        var sum = 0f;
        foreach (var axis in points) sum += (axis[a] - axis[b]) * (axis[a] - axis[b]);
        return sum;
    }
}
