namespace ModelInspector.Numerics;

/// <summary>A window on row-major float32 storage that a product reads: rows × columns at any strides, so that a transpose costs nothing.</summary>
/// <param name="Values">Storage.</param>
/// <param name="Offset">Where the window's first value lies.</param>
/// <param name="Rows">Rows of the window.</param>
/// <param name="Columns">Columns of the window.</param>
/// <param name="RowStride">Values from one row to the next.</param>
/// <param name="ColumnStride">Values from one column to the next.</param>
public readonly record struct Operand(float[] Values, int Offset, int Rows, int Columns, int RowStride, int ColumnStride)
{
    /// <summary>The whole matrix.</summary>
    public Operand(Matrix matrix) : this(matrix.Values, 0, matrix.Rows, matrix.Columns, matrix.Columns, 1)
    {
    }

    /// <summary>Rows <paramref name="from"/> up to <paramref name="to"/> (without it) of a matrix.</summary>
    public Operand(Matrix matrix, int from, int to) : this(matrix.Values, from * matrix.Columns, to - from, matrix.Columns, matrix.Columns, 1)
    {
    }

    /// <summary>Rows and columns exchanged.</summary>
    public Operand Transposed => new(Values, Offset, Columns, Rows, ColumnStride, RowStride);
}
