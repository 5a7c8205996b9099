using System.Numerics.Tensors;
using ModelInspector.Embeddings;
using ModelInspector.Numerics;

namespace ModelInspector.Neighbors;

/// <summary>
/// An orthogonal turn after which the first columns carry most of the variance, so that few columns rule out most pairs. It is a product
/// of reflections, I − Y T Yᵀ (Schreiber and Van Loan 1989): distances stay as they are, however rough the directions were estimated.
/// </summary>
internal sealed class LeadingTurn
{
    private const int Sample = 2048;
    private readonly Matrix reflectors, factor; // Yᵀ and T·Yᵀ, both leading × columns

    private LeadingTurn(Matrix reflectors, Matrix factor) => (this.reflectors, this.factor) = (reflectors, factor);

    /// <summary>Estimated on evenly spaced rows; null when there is nothing to gain.</summary>
    public static LeadingTurn? Of(Matrix rows, int leading)
    {
        if (leading >= rows.Columns || rows.Rows < 16 * leading) return null;
        var count = Math.Min(rows.Rows, Sample);
        var sample = new Matrix(count, rows.Columns);
        for (var i = 0; i < count; i++) rows.Row((int)((long)i * rows.Rows / count)).CopyTo(sample.Row(i));
        var solver = rows.Columns <= 256 ? PcaSolver.Exact : PcaSolver.Randomised;
        return Reflections(new Pca(leading, Solver: solver, PowerIterations: 1).Model(sample, Job.Quiet()).Components);
    }

    /// <summary>Turns rows.</summary>
    public Matrix Apply(Matrix rows)
    {
        var turned = new Matrix(rows.Rows, rows.Columns, [.. rows.Values]);
        var along = Gemm.Multiply(new Operand(rows), new Operand(reflectors).Transposed);
        TensorPrimitives.Negate<float>(along.Values, along.Values);
        Gemm.Add(new Operand(along), new Operand(factor), turned.Values);
        return turned;
    }

    // Householder reflections that take the directions onto the first axes, one after the other.
    private static LeadingTurn Reflections(Matrix directions)
    {
        var (count, columns) = (directions.Rows, directions.Columns);
        var y = new double[count][];
        var rest = Enumerable.Range(0, count).Select(k => directions.Row(k).ToArray().Select(value => (double)value).ToArray()).ToArray();
        for (var k = 0; k < count; k++)
        {
            y[k] = Reflector(rest[k], k);
            for (var other = k + 1; other < count; other++)
                TensorPrimitives.MultiplyAdd(y[k], -TensorPrimitives.Dot<double>(y[k], rest[other]), rest[other], rest[other]);
        }
        var product = Product(y);
        return new LeadingTurn(Floats(y, columns), Floats(product, columns));
    }

    private static double[] Reflector(double[] direction, int k)
    {
        var u = new double[direction.Length];
        direction.AsSpan(k).CopyTo(u.AsSpan(k));
        u[k] += Math.CopySign(TensorPrimitives.Norm<double>(u), u[k]);
        var length = TensorPrimitives.Norm<double>(u);
        if (length > 0) TensorPrimitives.Multiply<double>(u, Math.Sqrt(2) / length, u);
        return u;
    }

    // Rows of T·Yᵀ: (I − y₁y₁ᵀ)(I − y₂y₂ᵀ)… = I − Y T Yᵀ, with T upper triangular; a row vector x turns into x − (xY)(TYᵀ).
    private static double[][] Product(double[][] y)
    {
        var rows = y.Select(vector => (double[])vector.Clone()).ToArray();
        for (var k = y.Length - 2; k >= 0; k--)
            for (var later = k + 1; later < y.Length; later++)
                TensorPrimitives.MultiplyAdd(rows[later], -TensorPrimitives.Dot<double>(y[k], y[later]), rows[k], rows[k]);
        return rows;
    }

    private static Matrix Floats(double[][] rows, int columns) =>
        new(rows.Length, columns, [.. rows.SelectMany(row => row).Select(value => (float)value)]);
}
