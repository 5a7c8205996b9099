using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>Exact PCA of few rows with many columns: eigenvectors of the rows' Gram matrix, carried over to the columns.</summary>
internal static class GramPca
{
    public static PcaModel Fit(Matrix data, Pca pca, Job job)
    {
        var centred = Centre(data, out var mean);
        var n = data.Rows;
        var product = new float[n * n];
        // Depth in blocks, summed in double: as long as there are millions of columns.
        var gram = new double[n * n];
        for (var from = 0; from < data.Columns; from += 4096)
        {
            job.Cancel.ThrowIfCancellationRequested();
            Array.Clear(product);
            var window = new Operand(centred.Values, from, n, Math.Min(4096, data.Columns - from), data.Columns, 1);
            Gemm.Add(window, window.Transposed, product, upper: true);
            for (var i = 0; i < n; i++)
                for (var j = 0; j < n; j++) gram[i * n + j] += product[Math.Min(i, j) * n + Math.Max(i, j)];
        }
        var total = Enumerable.Range(0, n).Sum(i => gram[i * n + i]);
        var (values, vectors) = SymmetricEigen.Largest(gram, n, pca.Dimensions);
        return pca.Build(mean, Directions(centred, vectors, values, total), values.Select(value => value / (n - 1)), total / (n - 1));
    }

    internal static Matrix Centre(Matrix data, out double[] mean)
    {
        var sums = new double[data.Columns];
        RowParallel.Run(data.Columns, 1024, (_, from, to) => AddColumns(data, from, sums.AsSpan(from, to - from)));
        TensorPrimitives.Divide<double>(sums, data.Rows, sums);
        mean = sums;
        var centre = new Centre(sums);
        var centred = new Matrix(data.Rows, data.Columns);
        RowParallel.Run(data.Rows, 64, (_, from, to) =>
        {
            for (var row = from; row < to; row++) centre.Subtract(data.Row(row), centred.Row(row));
        });
        return centred;
    }

    private static void AddColumns(Matrix data, int first, Span<double> sums)
    {
        var wide = new double[sums.Length];
        for (var row = 0; row < data.Rows; row++)
        {
            TensorPrimitives.ConvertTruncating<float, double>(data.Row(row).Slice(first, sums.Length), wide);
            TensorPrimitives.Add<double>(sums, wide, sums);
        }
    }

    // v = Xᵀu/|Xᵀu|; directions without variance are filled up with any orthonormal ones.
    private static double[][] Directions(Matrix centred, double[][] vectors, double[] values, double total)
    {
        var left = new Matrix(vectors.Length, centred.Rows, [.. vectors.SelectMany(vector => vector).Select(value => (float)value)]);
        var product = Gemm.Multiply(new Operand(left), new Operand(centred));
        var directions = new double[vectors.Length][];
        for (var k = 0; k < vectors.Length; k++)
        {
            directions[k] = values[k] > total * 1e-10 ? [.. product.Row(k).ToArray().Select(value => (double)value)] : Noise(centred.Columns, k);
            Orthonormalise(directions[k], directions.AsSpan(0, k));
        }
        return directions;
    }

    private static double[] Noise(int length, int k)
    {
        var random = new Randomness(0x6A41, (ulong)k);
        return [.. Enumerable.Range(0, length).Select(i => random.Uniform((ulong)i) - 0.5)];
    }

    private static void Orthonormalise(double[] vector, ReadOnlySpan<double[]> others)
    {
        for (var twice = 0; twice < 2; twice++)
        {
            foreach (var other in others) TensorPrimitives.MultiplyAdd(other, -TensorPrimitives.Dot<double>(other, vector), vector, vector);
            TensorPrimitives.Divide<double>(vector, TensorPrimitives.Norm<double>(vector), vector);
        }
    }
}
