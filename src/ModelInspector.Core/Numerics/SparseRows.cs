namespace ModelInspector.Numerics;

/// <summary>A sparse square matrix by rows: the entries of row i lie from <c>Starts[i]</c> up to <c>Starts[i + 1]</c>, by ascending column.</summary>
/// <param name="Starts">Rows + 1 offsets.</param>
/// <param name="Columns">Column of every entry.</param>
/// <param name="Values">Value of every entry.</param>
public sealed record SparseRows(int[] Starts, int[] Columns, float[] Values)
{
    /// <summary>Number of rows.</summary>
    public int Rows => Starts.Length - 1;

    /// <summary>Columns of one row's entries.</summary>
    public ReadOnlySpan<int> ColumnsOf(int row) => Columns.AsSpan(Starts[row], Starts[row + 1] - Starts[row]);

    /// <summary>Values of one row's entries.</summary>
    public Span<float> ValuesOf(int row) => Values.AsSpan(Starts[row], Starts[row + 1] - Starts[row]);
}
