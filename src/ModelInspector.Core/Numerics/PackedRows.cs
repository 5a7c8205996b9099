using System.Numerics.Tensors;

namespace ModelInspector.Numerics;

/// <summary>
/// Rows laid out for <see cref="PairFilter"/>: in panels of 6 for its left side and of 16 for its right, with minus half their squared
/// lengths. Rows that fill up the last panels have no length (NaN), so they are near to nothing.
/// </summary>
internal sealed class PackedRows
{
    /// <summary>Every tile is a multiple of this: of 6 and of 16.</summary>
    public const int Step = 48;

    public PackedRows(Matrix rows)
    {
        (Rows, Depth) = (rows.Rows, rows.Columns);
        // Tiles of both sides stay in the second-level cache.
        TileRows = Math.Clamp((1 << 15) / Depth / Step * Step, Step, 16 * Step);
        TileRows = Math.Min(TileRows, (Rows + Step - 1) / Step * Step);
        var padded = Tiles * TileRows;
        Left = new float[checked(padded * Depth)];
        Right = new float[padded * Depth];
        MinusHalf = new float[padded];
        Array.Fill(MinusHalf, float.NaN);
        RowParallel.Run(padded, Step, (_, from, to) => Pack(rows, from, to));
    }

    public int Rows { get; }

    public int Depth { get; }

    public int TileRows { get; }

    public int Tiles => RowParallel.Chunks(Rows, TileRows);

    public float[] Left { get; }

    public float[] Right { get; }

    public float[] MinusHalf { get; }

    private void Pack(Matrix rows, int from, int to)
    {
        var count = Math.Clamp(Rows - from, 0, to - from);
        if (count == 0) return;
        var source = new Operand(rows);
        Gemm.Pack(source, from, count, 0, Depth, Left.AsSpan(from * Depth), Gemm.TileRows);
        Gemm.Pack(source, from, count, 0, Depth, Right.AsSpan(from * Depth), Gemm.TileColumns);
        for (var row = from; row < from + count; row++) MinusHalf[row] = -TensorPrimitives.SumOfSquares<float>(rows.Row(row)) / 2;
    }
}
