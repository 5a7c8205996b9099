using System.Numerics.Tensors;

namespace ModelInspector.Numerics;

/// <summary>Few long vectors, one a row, made orthonormal.</summary>
internal static class Orthonormal
{
    /// <summary>
    /// An orthonormal basis of the rows' span: the rows are turned onto the principal axes of their Gram matrix and scaled to length one,
    /// twice, so that a first pass lost to rounding is repaired. Directions below rounding are replaced by random ones.
    /// </summary>
    public static Matrix Rows(Matrix rows) => Pass(Pass(rows));

    /// <summary>rows · rowsᵀ in double, row-major.</summary>
    public static double[] Gram(Matrix rows)
    {
        const int Block = 4096;
        var gram = new double[rows.Rows * rows.Rows];
        var product = new float[gram.Length];
        for (var from = 0; from < rows.Columns; from += Block)
        {
            Array.Clear(product);
            var window = new Operand(rows.Values, from, rows.Rows, Math.Min(Block, rows.Columns - from), rows.Columns, 1);
            Gemm.Add(window, window.Transposed, product);
            for (var i = 0; i < gram.Length; i++) gram[i] += product[i];
        }
        return gram;
    }

    private static Matrix Pass(Matrix rows)
    {
        var (values, vectors) = SymmetricEigen.Largest(Gram(rows), rows.Rows, rows.Rows);
        var turn = new Matrix(rows.Rows, rows.Rows);
        for (var k = 0; k < rows.Rows; k++)
            for (var i = 0; i < rows.Rows; i++)
                turn[k, i] = values[k] > values[0] * 1e-12 ? (float)(vectors[k][i] / Math.Sqrt(values[k])) : 0;
        var turned = Gemm.Multiply(new Operand(turn), new Operand(rows));
        for (var k = 0; k < rows.Rows; k++)
            if (!(values[k] > values[0] * 1e-12)) Refill(turned, k);
        return turned;
    }

    private static void Refill(Matrix rows, int k)
    {
        var random = new Randomness(0x0F17, (ulong)k);
        var row = rows.Row(k);
        for (var i = 0; i < row.Length; i++) row[i] = (float)random.Uniform((ulong)i) - 0.5f;
        for (var other = 0; other < k; other++)
            TensorPrimitives.MultiplyAdd(rows.Row(other), -TensorPrimitives.Dot<float>(rows.Row(other), row), row, row);
        TensorPrimitives.Divide<float>(row, Math.Max(TensorPrimitives.Norm<float>(row), float.Epsilon), row);
    }
}
