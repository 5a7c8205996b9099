using System.Numerics.Tensors;

namespace ModelInspector.Numerics;

/// <summary>Eigenvalues and eigenvectors of a symmetric tridiagonal matrix.</summary>
internal static class Tridiagonal
{
    private const int MostSweeps = 60;

    /// <summary>All eigenvalues, ascending: QL iteration with implicit Wilkinson shifts.</summary>
    public static double[] Values(ReadOnlySpan<double> diagonal, ReadOnlySpan<double> beside)
    {
        var d = diagonal.ToArray();
        double[] e = [.. beside, 0];
        for (var first = 0; first < d.Length; first++)
            for (var sweep = 0; ; sweep++)
            {
                var last = first;
                while (last < d.Length - 1 && Math.Abs(e[last]) > double.Epsilon + 1.1e-16 * (Math.Abs(d[last]) + Math.Abs(d[last + 1]))) last++;
                if (last == first || sweep == MostSweeps) break;
                Sweep(d, e, first, last);
            }
        Array.Sort(d);
        return d;
    }

    private static void Sweep(double[] d, double[] e, int first, int last)
    {
        var g = (d[first + 1] - d[first]) / (2 * e[first]);
        var r = double.Hypot(g, 1);
        g = d[last] - d[first] + e[first] / (g + Math.CopySign(r, g));
        double s = 1, c = 1, p = 0;
        for (var i = last - 1; i >= first; i--)
        {
            double f = s * e[i], b = c * e[i];
            r = double.Hypot(f, g);
            e[i + 1] = r;
            if (r == 0)
            {
                d[i + 1] -= p;
                e[last] = 0;
                return;
            }
            (s, c) = (f / r, g / r);
            g = d[i + 1] - p;
            r = (d[i] - g) * s + 2 * c * b;
            p = s * r;
            d[i + 1] = g + p;
            g = c * r - b;
        }
        d[first] -= p;
        e[first] = g;
        e[last] = 0;
    }

    /// <summary>Orthonormal eigenvectors of the values given (descending), one a row: inverse iteration, kept apart within clusters.</summary>
    public static double[][] Vectors(double[] diagonal, double[] beside, ReadOnlySpan<double> values)
    {
        var norm = Norm(diagonal, beside);
        var vectors = new double[values.Length][];
        var shift = double.PositiveInfinity;
        for (int k = 0, cluster = 0; k < values.Length; k++)
        {
            // Equal values would give equal vectors: each is solved for a hair below the one before.
            shift = Math.Min(values[k], shift - 4e-16 * norm);
            if (k > 0 && values[k - 1] - values[k] > 1e-3 * norm) cluster = k;
            vectors[k] = Vector(diagonal, beside, shift, norm, vectors.AsSpan(cluster, k - cluster), (ulong)k);
        }
        return vectors;
    }

    private static double Norm(double[] diagonal, double[] beside)
    {
        var norm = 1e-200; // of a matrix of zeros, so that its pivots are not
        for (var i = 0; i < diagonal.Length; i++)
            norm = Math.Max(norm, Math.Abs(diagonal[i]) + (i > 0 ? Math.Abs(beside[i - 1]) : 0) + (i < beside.Length ? Math.Abs(beside[i]) : 0));
        return norm;
    }

    private static double[] Vector(double[] diagonal, double[] beside, double shift, double norm, ReadOnlySpan<double[]> others, ulong stream)
    {
        var random = new Randomness(0x7121D1A6, stream);
        var x = new double[diagonal.Length];
        for (var i = 0; i < x.Length; i++) x[i] = random.Uniform((ulong)i) - 0.5;
        var factors = new Factors(diagonal, beside, shift, norm * 2e-16);
        Orthonormalise(x, others);
        for (var step = 0; step < 5; step++)
        {
            factors.Solve(x);
            Orthonormalise(x, others);
        }
        return x;
    }

    private static void Orthonormalise(double[] x, ReadOnlySpan<double[]> others)
    {
        TensorPrimitives.Multiply<double>(x, 1 / TensorPrimitives.MaxMagnitude<double>(x) switch { var m when m != 0 => Math.Abs(m), _ => 1 }, x);
        for (var twice = 0; twice < 2; twice++)
        {
            foreach (var other in others)
                TensorPrimitives.MultiplyAdd(other, -TensorPrimitives.Dot<double>(other, x), x, x);
            TensorPrimitives.Multiply<double>(x, 1 / Math.Max(TensorPrimitives.Norm<double>(x), double.Epsilon), x);
        }
    }

    /// <summary>LU factors of T − shift·I with row exchanges.</summary>
    private sealed class Factors
    {
        private readonly double[] pivot, right, right2, below;
        private readonly bool[] exchanged;

        public Factors(double[] diagonal, double[] beside, double shift, double tiny)
        {
            var n = diagonal.Length;
            (pivot, right, right2, below, exchanged) = (new double[n], new double[n], new double[n], new double[n], new bool[n]);
            double p = diagonal[0] - shift, q = n > 1 ? beside[0] : 0;
            for (var i = 0; i < n - 1; i++)
            {
                double low = beside[i], next = diagonal[i + 1] - shift, far = i + 2 < n ? beside[i + 1] : 0;
                exchanged[i] = Math.Abs(low) > Math.Abs(p);
                if (exchanged[i])
                {
                    (pivot[i], right[i], right2[i], below[i]) = (low, next, far, p / low);
                    (p, q) = (q - below[i] * next, -below[i] * far);
                }
                else
                {
                    (pivot[i], right[i], below[i]) = (Away(p, tiny), q, low / Away(p, tiny));
                    (p, q) = (next - below[i] * q, far);
                }
            }
            pivot[n - 1] = Away(p, tiny);
        }

        public void Solve(double[] x)
        {
            for (var i = 0; i < x.Length - 1; i++)
            {
                if (exchanged[i]) (x[i], x[i + 1]) = (x[i + 1], x[i]);
                x[i + 1] -= below[i] * x[i];
            }
            for (var i = x.Length - 1; i >= 0; i--)
                x[i] = (x[i] - (i + 1 < x.Length ? right[i] * x[i + 1] : 0) - (i + 2 < x.Length ? right2[i] * x[i + 2] : 0)) / pivot[i];
        }

        private static double Away(double value, double tiny) => Math.Abs(value) < tiny ? Math.CopySign(tiny, value) : value;
    }
}
