using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ModelInspector.Numerics;

namespace ModelInspector.Attribution.Maps.Principal;

/// <summary>What shows that no other eigenvalue is as large.</summary>
internal enum Proof
{
    /// <summary>Nothing: there are numbers that are not finite, and so is what was found.</summary>
    None,

    /// <summary>The sum of all eigenvalues, or of their squares, leaves no room for one.</summary>
    Room,

    /// <summary>The matrix without the vector found, taken from a number below the eigenvalue, has a Cholesky factor.</summary>
    Cholesky,

    /// <summary>All were computed.</summary>
    Decomposition,
}

/// <summary>
/// The largest eigenvalue of X Xᵀ or Xᵀ X, whichever is smaller, and its vector: by Lanczos' iteration with full reorthogonalisation where it is certain to have found it, else by
/// a whole decomposition. The product itself is made only where the iteration takes long or the proof needs it; a step is X (Xᵀ v) till then.
/// </summary>
/// <remarks>
/// A unit vector v with θ = v·Gv is off the leading one by at most the sine |Gv − θv| / (θ − λ₂) (Davis and Kahan, SIAM Journal on Numerical Analysis 1970). No other eigenvalue of
/// G exceeds tr G − θ, nor √(‖G‖² − θ²), nor any μ for which μI − G + θvvᵀ is positive definite (Courant and Fischer): the three bounds on λ₂ that are tried in turn.
/// Source of the iteration: Golub and Van Loan, Matrix Computations, §10.1.
/// </remarks>
internal sealed class LeadingVector : IDisposable
{
    private const double Tolerance = 1e-7, Rounding = 1e-15;
    private const int FirstLook = 3, Block = 32768;

    private readonly double[] matrix;
    private readonly int rows, columns, order;
    private readonly double trace;
    private readonly List<double[]> basis = [];
    private readonly List<double> diagonal = [], beside = [];
    private Gram? gram;
    private double value;

    private LeadingVector(double[] matrix, int rows, int columns)
    {
        (this.matrix, this.rows, this.columns, order) = (matrix, rows, columns, Math.Min(rows, columns));
        trace = Doubles.Dot(matrix.AsSpan(0, rows * columns), matrix);
    }

    /// <param name="matrix">X: rows × columns, row-major; what comes behind is not read.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    public static (double Value, double[] Vector, Proof By) Of(double[] matrix, int rows, int columns)
    {
        using var search = new LeadingVector(matrix, rows, columns);
        return search.Find();
    }

    public void Dispose() => gram?.Dispose();

    private (double Value, double[] Vector, Proof By) Find()
    {
        if (!double.IsFinite(trace)) return (double.NaN, [.. Enumerable.Repeat(double.NaN, order)], Proof.None);
        if (trace == 0) return Decomposed();
        basis.Add(Unit(Start()));
        for (var look = FirstLook; ;)
        {
            var next = Step();
            var left = Norm(next);
            var closed = basis.Count == order || left <= Rounding * trace;
            if (closed || basis.Count >= look)
            {
                if (Proven(left) is { } found) return found;
                if (closed) return Decomposed();
                look += gram is null ? 1 : 1 + look / 3; // where a step costs little, a look costs more
            }
            beside.Add(left);
            basis.Add(Unit(next));
        }
    }

    // G times the unit vector of the longest row, or that row itself: not orthogonal to what is sought but by chance, which the proof would find out.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double[] Start()
    {
        var (longest, most) = (0, 0.0);
        for (var row = 0; row < rows; row++)
            if (Doubles.Dot(Row(row), Row(row)) is var length && length > most) (longest, most) = (row, length);
        var start = Row(longest)[..order].ToArray();
        for (var row = 0; row < order && rows <= columns; row++) start[row] = Doubles.Dot(Row(row), Row(longest));
        return start;
    }

    // What G makes of the last vector of the basis, less what lies in the basis: the two that are in it by nature, then what rounding adds.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double[] Step()
    {
        var next = new double[order];
        Multiply(basis[^1], next);
        diagonal.Add(Doubles.Dot(next, basis[^1]));
        Doubles.Add(next, -diagonal[^1], basis[^1]);
        if (beside.Count > 0) Doubles.Add(next, -beside[^1], basis[^2]);
        foreach (var earlier in basis) Doubles.Add(next, -Doubles.Dot(next, earlier), earlier);
        return next;
    }

    private (double Value, double[] Vector, Proof By)? Proven(double left)
    {
        var ritz = new Ritz(CollectionsMarshal.AsSpan(diagonal), CollectionsMarshal.AsSpan(beside), trace);
        (value, var above) = ritz.Value(0, value);
        var weights = ritz.Vector(above);
        var residual = left * Math.Abs(weights[^1]) + Rounding * trace;
        if (residual <= Tolerance * Room()) return (value, Combined(weights), Proof.Room);
        if (gram is null && 2 * value > trace && basis.Count < order / 8) return null;
        gram ??= new Gram(matrix, rows, columns);
        if (residual <= Tolerance * Room()) return (value, Combined(weights), Proof.Room);
        var second = basis.Count > 1 && residual <= Tolerance * value ? ritz.Value(1).High : value;
        if (residual > Tolerance * (value - second) / 2) return null;
        var vector = Combined(weights);
        return IsAbove((value + second) / 2, vector) ? (value, vector, Proof.Cholesky) : null;
    }

    // How far below the value found every other must lie, from the sum of all and of their squares.
    private double Room() =>
        Math.Max(2 * value - trace, gram is null ? 0 : value - Math.Sqrt(Math.Max(0, gram.SumOfSquares - value * value)));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool IsAbove(double bound, double[] vector)
    {
        var rest = ArrayPool<double>.Shared.Rent(order * order);
        for (var i = 0; i < order; i++)
        {
            var row = rest.AsSpan(i * order, order);
            row.Clear();
            Doubles.Add(row, -1, gram![i]);
            Doubles.Add(row, value * vector[i], vector);
            row[i] += bound;
        }
        var above = IsPositiveDefinite(rest, order);
        ArrayPool<double>.Shared.Return(rest);
        return above;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsPositiveDefinite(double[] matrix, int order)
    {
        var inverse = new double[order];
        for (var i = 0; i < order; i++)
        {
            var row = matrix.AsSpan(i * order, i + 1);
            for (var j = 0; j < i; j++) row[j] = (row[j] - Doubles.Dot(row[..j], matrix.AsSpan(j * order, j))) * inverse[j];
            var pivot = row[i] - Doubles.Dot(row[..i], row[..i]);
            if (!(pivot > 0)) return false;
            inverse[i] = 1 / Math.Sqrt(pivot);
        }
        return true;
    }

    private (double Value, double[] Vector, Proof By) Decomposed()
    {
        gram ??= new Gram(matrix, rows, columns);
        var whole = new double[order * order];
        for (var row = 0; row < order; row++) gram[row].CopyTo(whole.AsSpan(row * order));
        var (values, vectors) = SymmetricEigen.Largest(whole, order, 1);
        return (values[0], vectors[0], Proof.Decomposition);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(double[] vector, double[] product)
    {
        if (gram is not null)
            for (var i = 0; i < order; i++) product[i] = Doubles.Dot(gram[i], vector);
        else if (rows > columns)
            for (var row = 0; row < rows; row++) Doubles.Add(product, Doubles.Dot(Row(row), vector), Row(row));
        else MultiplyWide(vector, product);
    }

    // In blocks of columns that stay in the second-level cache for both products.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyWide(double[] vector, double[] product)
    {
        var wide = new double[Math.Min(columns, Math.Max(64, Block / rows))];
        for (var from = 0; from < columns; from += wide.Length)
        {
            var count = Math.Min(wide.Length, columns - from);
            var sums = wide.AsSpan(0, count);
            sums.Clear();
            for (var row = 0; row < rows; row++) Doubles.Add(sums, vector[row], Row(row).Slice(from, count));
            for (var row = 0; row < rows; row++) product[row] += Doubles.Dot(Row(row).Slice(from, count), sums);
        }
    }

    private double[] Combined(double[] weights)
    {
        var sum = new double[order];
        foreach (var (weight, vector) in weights.Zip(basis)) Doubles.Add(sum, weight, vector);
        return Unit(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<double> Row(int row) => matrix.AsSpan(row * columns, columns);

    private static double Norm(double[] vector) => Math.Sqrt(Doubles.Dot(vector, vector));

    private static double[] Unit(double[] vector)
    {
        var norm = Norm(vector);
        for (var i = 0; i < vector.Length; i++) vector[i] /= norm;
        return vector;
    }
}
