using System.Numerics.Tensors;

namespace ModelInspector.Numerics;

/// <summary>
/// Largest eigenvalues and vectors of a large symmetric operator: Lanczos' iteration with full reorthogonalisation. Source: Golub and
/// Van Loan, Matrix Computations, §10.1.
/// </summary>
internal static class Lanczos
{
    private const int Chunk = 8192, LookEvery = 20;

    /// <summary>The <paramref name="count"/> largest, largest first, one vector a row; within a tolerance or after the most steps.</summary>
    /// <param name="n">Order of the operator.</param>
    /// <param name="apply">Writes the operator's product with the first argument into the second.</param>
    /// <param name="known">A normed eigenvector that is kept out of the result.</param>
    /// <param name="count">How many.</param>
    /// <param name="steps">Most products.</param>
    /// <param name="tolerance">Largest residual norm.</param>
    /// <param name="seed">Of the start.</param>
    public static (double[] Values, float[][] Vectors) Largest(
        int n, Action<float[], float[]> apply, float[] known, int count, int steps, double tolerance, ulong seed)
    {
        var basis = new List<float[]> { known, Start(n, known, seed) };
        List<double> diagonal = [], beside = [];
        for (var step = 0; ; step++)
        {
            var next = new float[n];
            apply(basis[^1], next);
            diagonal.Add(Dot(next, basis[^1]));
            for (var twice = 0; twice < 2; twice++)
                foreach (var earlier in basis) Add(next, earlier, -Dot(next, earlier));
            var norm = Math.Sqrt(Dot(next, next));
            var last = step + 1 == Math.Min(steps, n - 1) || norm < 1e-7;
            if (last || (step + 1) % LookEvery == 0)
            {
                var values = Tridiagonal.Values([.. diagonal], [.. beside]);
                Array.Reverse(values);
                var wanted = values.AsSpan(0, Math.Min(count, values.Length));
                var vectors = Tridiagonal.Vectors([.. diagonal], [.. beside], wanted);
                if (last || vectors.All(vector => norm * Math.Abs(vector[^1]) < tolerance))
                    return (wanted.ToArray(), [.. vectors.Select(vector => Combine(vector, basis, n))]);
            }
            beside.Add(norm);
            Scale(next, 1 / norm);
            basis.Add(next);
        }
    }

    private static float[] Start(int n, float[] known, ulong seed)
    {
        var (start, random) = (new float[n], new Randomness(seed, 0x1A2C));
        for (var i = 0; i < n; i++) start[i] = (float)random.Normal((ulong)i);
        Add(start, known, -Dot(start, known));
        Scale(start, 1 / Math.Sqrt(Dot(start, start)));
        return start;
    }

    private static float[] Combine(double[] weights, List<float[]> basis, int n)
    {
        var sum = new float[n];
        for (var k = 0; k < weights.Length; k++) Add(sum, basis[k + 1], weights[k]);
        return sum;
    }

    private static double Dot(float[] a, float[] b) =>
        RowParallel.Sum(a.Length, Chunk, (from, to) => TensorPrimitives.Dot<float>(a.AsSpan(from, to - from), b.AsSpan(from, to - from)));

    private static void Add(float[] to, float[] what, double factor) => RowParallel.Run(to.Length, Chunk, (_, from, end) =>
        TensorPrimitives.MultiplyAdd(what.AsSpan(from, end - from), (float)factor, to.AsSpan(from, end - from), to.AsSpan(from, end - from)));

    private static void Scale(float[] values, double factor) => TensorPrimitives.Multiply(values, (float)factor, values);
}
