namespace ModelInspector.Numerics;

/// <summary>
/// The nearest candidates seen so far of many rows. A row's buffer takes candidates until it is full and is then cut back to the nearest,
/// which tightens the row's reach. Ties are decided by index, so the order in which candidates arrive does not matter.
/// </summary>
internal sealed unsafe class Candidates : IDisposable
{
    private readonly int capacity;
    private readonly NativeBuffer<ulong> keys;
    private readonly int[] counts;

    /// <param name="rows">Number of rows.</param>
    /// <param name="keep">Candidates kept of each.</param>
    /// <param name="room">Candidates that a buffer takes beyond those before it is cut back.</param>
    public Candidates(int rows, int keep, int room)
    {
        (Keep, capacity) = (keep, keep + room);
        keys = new NativeBuffer<ulong>((long)rows * capacity);
        counts = new int[rows];
        Reach = new float[RowParallel.Chunks(rows, PackedRows.Leaf) * PackedRows.Leaf]; // as long as whole panels
        Reach.AsSpan(0, rows).Fill(float.NegativeInfinity);
        Reach.AsSpan(rows).Fill(float.PositiveInfinity);
    }

    /// <summary>Per row: the closeness (minus half the squared distance) that a candidate must reach to be offered.</summary>
    public float[] Reach { get; }

    /// <summary>Candidates kept of each row.</summary>
    public int Keep { get; }

    /// <summary>Takes a candidate that reaches far enough; none may be offered twice.</summary>
    public void Offer(int row, float closeness, int index)
    {
        keys.Start[(long)row * capacity + counts[row]++] = Key(closeness, index);
        if (counts[row] == capacity) CutBack(row);
    }

    /// <summary>Indices of the candidates kept of one row, in no order.</summary>
    public int Collect(int row, Span<int> indices)
    {
        CutBack(row);
        for (var slot = 0; slot < counts[row]; slot++) indices[slot] = (int)(uint)keys.Start[(long)row * capacity + slot];
        return counts[row];
    }

    /// <summary>The same, nearest first.</summary>
    public int CollectNearest(int row, Span<int> indices)
    {
        CutBack(row);
        Buffer(row)[..counts[row]].Sort();
        return Collect(row, indices);
    }

    public void Dispose() => keys.Dispose();

    // Floats that are not negative sort like their bits; the distance leads, the index decides ties.
    private static ulong Key(float closeness, int index) =>
        ((ulong)BitConverter.SingleToUInt32Bits(Math.Max(0, -closeness)) << 32) | (uint)index;

    private void CutBack(int row)
    {
        if (counts[row] < Keep || (counts[row] == Keep && float.IsFinite(Reach[row]))) return;
        var buffer = Buffer(row)[..counts[row]];
        Selection.Smallest(buffer, Keep);
        counts[row] = Keep;
        Reach[row] = -BitConverter.UInt32BitsToSingle((uint)(buffer[Keep - 1] >> 32)); // the last of the kept is the farthest
    }

    private Span<ulong> Buffer(int row) => keys.Span((long)row * capacity, capacity);
}
