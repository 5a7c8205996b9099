using System.Numerics.Tensors;

namespace ModelInspector.Numerics;

/// <summary>
/// The largest eigenvalues of a symmetric matrix and their vectors, in double: Householder reduction to tridiagonal form with the
/// rank-two update and the next product fused into one pass over the matrix, eigenvalues by the implicit QL iteration, vectors by
/// inverse iteration. Source: Golub and Van Loan, Matrix Computations, §8.3–8.4; Wilkinson, The Algebraic Eigenvalue Problem, §5.
/// </summary>
public static class SymmetricEigen
{
    private const int Chunk = 64;

    /// <summary>The <paramref name="count"/> largest eigenvalues, largest first, and their orthonormal vectors, one a row.</summary>
    /// <param name="matrix">n × n, row-major, symmetric; overwritten.</param>
    /// <param name="n">Order.</param>
    /// <param name="count">How many, at most n.</param>
    public static (double[] Values, double[][] Vectors) Largest(double[] matrix, int n, int count)
    {
        var (diagonal, beside, reflectors) = Tridiagonalise(matrix, n);
        var values = Tridiagonal.Values(diagonal, beside);
        Array.Reverse(values);
        var vectors = Tridiagonal.Vectors(diagonal, beside, values.AsSpan(0, count));
        RowParallel.Run(count, 1, (_, from, _) => Reflect(vectors[from], reflectors));
        return (values[..count], vectors);
    }

    private static (double[] Diagonal, double[] Beside, double[][] Reflectors) Tridiagonalise(double[] a, int n)
    {
        var diagonal = new double[n];
        var beside = new double[Math.Max(0, n - 1)];
        var reflectors = new double[Math.Max(0, n - 2)][];
        double[] v = [], w = [];
        for (var k = 0; k < n - 2; k++)
        {
            if (k > 0) Update(a, n, k, k, reflectors[k - 1], w);
            diagonal[k] = a[k * n + k];
            (var next, beside[k]) = Reflector(a.AsSpan(k * n + k + 1, n - k - 1));
            reflectors[k] = next;
            w = NextProduct(a, n, k, v, w, next);
            v = next;
        }
        for (var k = Math.Max(0, n - 2); k < n; k++)
        {
            if (n > 2) Update(a, n, k, n - 2, v, w);
            diagonal[k] = a[k * n + k];
        }
        if (n > 1) beside[n - 2] = a[(n - 2) * n + n - 1];
        return (diagonal, beside, reflectors);
    }

    // H = I − u uᵀ with |u|² = 2 (or u = 0) maps the row onto its first axis.
    private static (double[] Vector, double Onto) Reflector(ReadOnlySpan<double> row)
    {
        var u = row.ToArray();
        if (!u.AsSpan(1).ContainsAnyExcept(0.0)) return (new double[u.Length], u[0]);
        var norm = TensorPrimitives.Norm<double>(u);
        var onto = u[0] > 0 ? -norm : norm;
        u[0] -= onto;
        TensorPrimitives.Multiply<double>(u, Math.Sqrt(2) / TensorPrimitives.Norm<double>(u), u);
        return (u, onto);
    }

    // One row of A − u wᵀ − w uᵀ, from column `from` on; u and w start at the column after the previous step's.
    private static void Update(double[] a, int n, int row, int from, double[] u, double[] w)
    {
        var shift = n - u.Length;
        var target = a.AsSpan(row * n + from, n - from);
        TensorPrimitives.MultiplyAdd(w.AsSpan(from - shift), -u[row - shift], target, target);
        TensorPrimitives.MultiplyAdd(u.AsSpan(from - shift), -w[row - shift], target, target);
    }

    // Applies the previous step's update to the trailing rows and multiplies them with the new reflector in the same pass.
    private static double[] NextProduct(double[] a, int n, int k, double[] u, double[] w, double[] next)
    {
        var product = new double[next.Length];
        RowParallel.Run(next.Length, Chunk, (_, from, to) =>
        {
            for (var r = from; r < to; r++)
            {
                if (u.Length > 0) Update(a, n, k + 1 + r, k + 1, u, w);
                product[r] = TensorPrimitives.Dot<double>(a.AsSpan((k + 1 + r) * n + k + 1, next.Length), next);
            }
        });
        TensorPrimitives.MultiplyAdd(next, -TensorPrimitives.Dot<double>(product, next) / 2, product, product);
        return product;
    }

    private static void Reflect(double[] vector, double[][] reflectors)
    {
        for (var k = reflectors.Length - 1; k >= 0; k--)
        {
            var tail = vector.AsSpan(k + 1);
            TensorPrimitives.MultiplyAdd(reflectors[k], -TensorPrimitives.Dot<double>(reflectors[k], tail), tail, tail);
        }
    }
}
