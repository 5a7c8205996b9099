using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>
/// PCA by a randomised range finder: a random sketch of the rows' span, sharpened by power iterations, then an exact PCA inside it.
/// Source: Halko, Martinsson, Tropp, SIAM Review 2011, algorithms 4.4 and 5.1.
/// </summary>
internal static class RandomisedPca
{
    private const int Oversampling = 10;

    public static PcaModel Fit(Matrix data, Pca pca, Job job)
    {
        var centred = GramPca.Centre(data, out var mean);
        var width = Math.Min(pca.Dimensions + Oversampling, Math.Min(data.Rows, data.Columns));
        var basis = Sketch(data.Columns, width, job.Seed);
        var image = Image(centred, basis);
        for (var pass = 0; pass < pca.PowerIterations; pass++)
        {
            job.Report("PCA", pass, pca.PowerIterations + 1);
            basis = Orthonormal.Rows(Back(centred, Orthonormal.Rows(image)));
            image = Image(centred, basis);
        }
        return Inside(pca, mean, centred, basis, image);
    }

    // Transposed throughout: a basis is width × columns, its image width × rows, so that vectors are contiguous.
    private static Matrix Image(Matrix centred, Matrix basis) => Turned(Gemm.Multiply(new Operand(centred), new Operand(basis).Transposed));

    private static Matrix Back(Matrix centred, Matrix image) => Turned(Gemm.Multiply(new Operand(centred).Transposed, new Operand(image).Transposed));

    // The large factor stands on the left, where it is packed piece by piece and stays in the cache.
    private static Matrix Turned(Matrix tall)
    {
        var wide = new Matrix(tall.Columns, tall.Rows);
        RowParallel.Run(tall.Rows, 1024, (_, from, to) =>
        {
            for (var row = from; row < to; row++)
                for (var column = 0; column < tall.Columns; column++) wide[column, row] = tall[row, column];
        });
        return wide;
    }

    private static Matrix Sketch(int columns, int width, ulong seed)
    {
        var random = new Randomness(seed, 0x5CA);
        var sketch = new Matrix(width, columns);
        RowParallel.Run(sketch.Values.Length, 1 << 16, (_, from, to) =>
        {
            for (var i = from; i < to; i++) sketch.Values[i] = (float)random.Normal((ulong)i);
        });
        return Orthonormal.Rows(sketch);
    }

    private static PcaModel Inside(Pca pca, double[] mean, Matrix centred, Matrix basis, Matrix image)
    {
        var (n, width) = (centred.Rows, basis.Rows);
        var gram = Orthonormal.Gram(image);
        var (values, vectors) = SymmetricEigen.Largest([.. gram], width, Math.Min(width, pca.Dimensions));
        var rotation = new Matrix(vectors.Length, width, [.. vectors.SelectMany(vector => vector).Select(value => (float)value)]);
        var directions = Gemm.Multiply(new Operand(rotation), new Operand(basis));
        var total = RowParallel.Sum(n, 256, (from, to) => Squares(centred, from, to)) / (n - 1);
        double[][] found = [.. Enumerable.Range(0, directions.Rows).Select(k => directions.Row(k).ToArray().Select(value => (double)value).ToArray())];
        var model = pca.Build(mean, found, values.Select(value => value / (n - 1)), total);
        return new PcaModel(mean, model.Components, model.Variances, total, pca.Whiten) { ErrorEstimate = Error(centred, directions, rotation, image, values) / (n - 1) / total };
    }

    // |A v − λ v| bounds the distance of λ to an eigenvalue of the covariance A (Weyl); the largest over the components.
    private static double Error(Matrix centred, Matrix directions, Matrix rotation, Matrix image, double[] values)
    {
        var back = Back(centred, Gemm.Multiply(new Operand(rotation), new Operand(image)));
        var worst = 0.0;
        for (var k = 0; k < directions.Rows; k++)
        {
            var residual = back.Row(k);
            TensorPrimitives.MultiplyAdd(directions.Row(k), (float)-values[k], residual, residual);
            worst = Math.Max(worst, TensorPrimitives.Norm<float>(residual));
        }
        return worst;
    }

    private static double Squares(Matrix centred, int from, int to)
    {
        var sum = 0.0;
        for (var row = from; row < to; row++) sum += TensorPrimitives.SumOfSquares<float>(centred.Row(row));
        return sum;
    }
}
