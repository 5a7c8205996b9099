using System.Runtime.CompilerServices;

namespace ModelInspector.Attribution.Maps.Principal;

/// <summary>The largest eigenvalues of a symmetric tridiagonal matrix with no eigenvalue below zero, by bisection, and the vector of the largest, by inverse iteration.</summary>
/// <param name="diagonal">Its diagonal.</param>
/// <param name="beside">What stands beside it, all above zero.</param>
/// <param name="trace">At least as large as every eigenvalue.</param>
internal readonly ref struct Ritz(ReadOnlySpan<double> diagonal, ReadOnlySpan<double> beside, double trace)
{
    private const double Rounding = 4e-16;

    private readonly ReadOnlySpan<double> diagonal = diagonal, beside = beside;

    /// <summary>Two numbers, rounding apart, between which an eigenvalue lies: 0 the largest, 1 the next.</summary>
    /// <param name="place">Which.</param>
    /// <param name="low">What it is not below.</param>
    public (double Low, double High) Value(int place, double low = 0)
    {
        for (var high = trace * (1 + Rounding * diagonal.Length); ;)
        {
            var middle = (low + high) / 2;
            if (!(high - low > Rounding * trace) || middle <= low || middle >= high) return (low, high);
            if (Above(diagonal, beside, middle) > place) low = middle;
            else high = middle;
        }
    }

    /// <summary>The unit vector of the largest eigenvalue.</summary>
    /// <param name="above">A number just above the eigenvalue.</param>
    public double[] Vector(double above)
    {
        var (x, pivots) = (new double[diagonal.Length], new double[diagonal.Length]);
        Array.Fill(x, 1); // the vector sought has one sign throughout, so that it is not orthogonal to this
        for (var step = 0; step < 3; step++)
        {
            Solve(diagonal, beside, above, Rounding * Rounding * trace, x, pivots);
            var norm = Math.Sqrt(Doubles.Dot(x, x));
            for (var i = 0; i < x.Length; i++) x[i] /= norm;
        }
        return x;
    }

    // Sylvester's law of inertia: as many eigenvalues lie above a number as pivots of T − number·I do above zero.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Above(ReadOnlySpan<double> diagonal, ReadOnlySpan<double> beside, double number)
    {
        var (count, pivot) = (0, 1.0);
        for (var i = 0; i < diagonal.Length; i++)
        {
            pivot = diagonal[i] - number - (i > 0 ? beside[i - 1] * beside[i - 1] / pivot : 0);
            if (pivot == 0) pivot = -double.Epsilon;
            if (pivot > 0) count++;
        }
        return count;
    }

    // (above·I − T) x = x: positive definite, so that no rows need be exchanged.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Solve(ReadOnlySpan<double> diagonal, ReadOnlySpan<double> beside, double above, double least, Span<double> x, Span<double> pivots)
    {
        for (var i = 0; i < x.Length; i++)
        {
            var factor = i > 0 ? beside[i - 1] / pivots[i - 1] : 0;
            pivots[i] = Math.Max(least, above - diagonal[i] - (i > 0 ? factor * beside[i - 1] : 0));
            if (i > 0) x[i] += factor * x[i - 1];
        }
        for (var i = x.Length - 1; i >= 0; i--) x[i] = (x[i] + (i + 1 < x.Length ? beside[i] * x[i + 1] : 0)) / pivots[i];
    }
}
