using System.Numerics.Tensors;

namespace ModelInspector.Numerics;

/// <summary>
/// Rows laid out for <see cref="PairFilter"/>: in panels of 24, column by column, with minus half their squared lengths over the leading
/// columns and over the others. Rows that fill up the last panels have no length (NaN), so they are near to nothing.
/// </summary>
internal sealed class PackedRows : IDisposable
{
    /// <summary>Rows of a panel.</summary>
    public const int Panel = 24;

    /// <summary>Rows of a leaf: two panels. A tile is some leaves.</summary>
    public const int Leaf = 2 * Panel;

    private const int TileValues = 1 << 15, Boxed = 16;

    /// <summary>Rows in an order that keeps near ones together.</summary>
    public PackedRows(Matrix rows) : this(rows, NearOrder.Of(rows, Leaf), TileRowsOf(rows.Rows, rows.Columns))
    {
    }

    /// <summary>Rows in an order given, in tiles of some leaves.</summary>
    public PackedRows(Matrix rows, int[] order, int tileRows)
    {
        (Rows, Depth, Order, TileRows) = (rows.Rows, rows.Columns, order, tileRows);
        Leading = LeadingOf(Depth);
        var padded = Tiles * TileRows;
        Panels = new NativeBuffer<float>((long)padded * Depth);
        (LeadingHalf, OtherHalf) = (new float[padded], new float[padded]);
        Array.Fill(LeadingHalf, float.NaN);
        Axes = Math.Min(Boxed, Depth);
        (Low, High) = (new float[padded / Leaf * Axes], new float[padded / Leaf * Axes]);
        RowParallel.Run(padded, Leaf, (_, from, to) => Pack(rows, from, to));
    }

    public int Rows { get; }

    public int Depth { get; }

    /// <summary>Columns after which a block of pairs is looked at for the first time.</summary>
    public int Leading { get; }

    /// <summary>Leading columns of rows so wide: a quarter, but all of few.</summary>
    public static int LeadingOf(int columns) => columns <= 24 ? columns : Math.Max(16, columns / 4);

    /// <summary>Rows of a tile: so many that tiles of both sides stay in the second-level cache.</summary>
    public static int TileRowsOf(int rows, int columns) =>
        Math.Min(Math.Clamp(TileValues / columns / Leaf * Leaf, Leaf, 16 * Leaf), RowParallel.Chunks(rows, Leaf) * Leaf);

    public int TileRows { get; }

    public int Tiles => RowParallel.Chunks(Rows, TileRows);

    /// <summary>The row that lies at each place.</summary>
    public int[] Order { get; }

    /// <summary>The panels, one after the other; within a panel the values of one column lie together.</summary>
    public NativeBuffer<float> Panels { get; }

    /// <summary>Minus half the squared length over the leading columns.</summary>
    public float[] LeadingHalf { get; }

    /// <summary>Minus half the squared length over the other columns.</summary>
    public float[] OtherHalf { get; }

    /// <summary>Columns that the boxes are kept of.</summary>
    public int Axes { get; }

    /// <summary>Smallest value of every leaf by axis.</summary>
    public float[] Low { get; }

    /// <summary>Largest value of every leaf by axis.</summary>
    public float[] High { get; }

    /// <summary>The closeness that no pair of the two leaves exceeds: minus half the squared distance of their boxes.</summary>
    public float Closest(int leaf, PackedRows other, int otherLeaf)
    {
        ReadOnlySpan<float> low = Low.AsSpan(leaf * Axes, Axes), high = High.AsSpan(leaf * Axes, Axes);
        ReadOnlySpan<float> otherLow = other.Low.AsSpan(otherLeaf * Axes, Axes), otherHigh = other.High.AsSpan(otherLeaf * Axes, Axes);
        var sum = 0f;
        for (var axis = 0; axis < low.Length; axis++)
        {
            var gap = Math.Max(0, Math.Max(low[axis] - otherHigh[axis], otherLow[axis] - high[axis]));
            sum += gap * gap;
        }
        return -sum / 2;
    }

    public void Dispose() => Panels.Dispose();

    private void Pack(Matrix rows, int from, int to)
    {
        var count = Math.Clamp(Rows - from, 0, to - from);
        if (count == 0) return;
        var leaf = new Matrix(count, Depth);
        for (var row = 0; row < count; row++) rows.Row(Order[from + row]).CopyTo(leaf.Row(row));
        Gemm.Pack(new Operand(leaf), 0, count, 0, Depth, Panels.Span((long)from * Depth, (to - from) * Depth), Panel);
        for (var row = 0; row < count; row++)
        {
            LeadingHalf[from + row] = -TensorPrimitives.SumOfSquares<float>(leaf.Row(row)[..Leading]) / 2;
            OtherHalf[from + row] = -TensorPrimitives.SumOfSquares<float>(leaf.Row(row)[Leading..]) / 2;
        }
        Box(leaf, Low.AsSpan(from / Leaf * Axes, Axes), High.AsSpan(from / Leaf * Axes, Axes));
    }

    private static void Box(Matrix leaf, Span<float> low, Span<float> high)
    {
        leaf.Row(0)[..low.Length].CopyTo(low);
        low.CopyTo(high);
        for (var row = 1; row < leaf.Rows; row++)
        {
            TensorPrimitives.Min(low, leaf.Row(row)[..low.Length], low);
            TensorPrimitives.Max(high, leaf.Row(row)[..low.Length], high);
        }
    }
}
