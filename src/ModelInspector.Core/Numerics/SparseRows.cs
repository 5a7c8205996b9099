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

    /// <summary>
    /// Joins a directed graph with its reverse: entry (i, j) becomes <paramref name="join"/> of the weights of i → j and j → i, 0 for an
    /// edge that is not there; <paramref name="join"/> must not depend on the order of its arguments.
    /// </summary>
    /// <param name="targets">Targets of every row's edges, <paramref name="count"/> a row.</param>
    /// <param name="weights">Their weights; edges of weight 0 vanish.</param>
    /// <param name="count">Edges of every row.</param>
    /// <param name="join">The joint weight.</param>
    public static SparseRows Join(int[] targets, float[] weights, int count, Func<float, float, float> join)
    {
        var rows = count == 0 ? 0 : targets.Length / count;
        SortRows(targets, weights, count, rows);
        var reverse = Reverse(targets, weights, count, rows);
        var starts = new int[rows + 1];
        RowParallel.Run(rows, 512, (_, from, to) =>
        {
            for (var row = from; row < to; row++) starts[row + 1] = Merge(row, targets, weights, count, reverse, join, default, default);
        });
        for (var row = 0; row < rows; row++) starts[row + 1] = checked(starts[row] + starts[row + 1]);
        var joined = new SparseRows(starts, new int[starts[rows]], new float[starts[rows]]);
        RowParallel.Run(rows, 512, (_, from, to) =>
        {
            for (var row = from; row < to; row++)
                Merge(row, targets, weights, count, reverse, join, joined.Columns.AsSpan(starts[row]), joined.Values.AsSpan(starts[row]));
        });
        return joined;
    }

    private static void SortRows(int[] targets, float[] weights, int count, int rows) => RowParallel.Run(rows, 512, (_, from, to) =>
    {
        for (var row = from; row < to; row++) targets.AsSpan(row * count, count).Sort(weights.AsSpan(row * count, count));
    });

    // Entries into every row, by ascending source: a counting sort.
    private static SparseRows Reverse(int[] targets, float[] weights, int count, int rows)
    {
        var starts = new int[rows + 1];
        foreach (var target in targets) starts[target + 1]++;
        for (var row = 0; row < rows; row++) starts[row + 1] += starts[row];
        var next = starts.AsSpan(0, rows).ToArray();
        var reverse = new SparseRows(starts, new int[targets.Length], new float[targets.Length]);
        for (var edge = 0; edge < targets.Length; edge++)
        {
            var slot = next[targets[edge]]++;
            (reverse.Columns[slot], reverse.Values[slot]) = (edge / count, weights[edge]);
        }
        return reverse;
    }

    // Returns the number of entries; writes them when there is room.
    private static int Merge(int row, int[] targets, float[] weights, int count, SparseRows reverse, Func<float, float, float> join, Span<int> columns, Span<float> values)
    {
        int a = row * count, aEnd = a + count, b = reverse.Starts[row], bEnd = reverse.Starts[row + 1], entries = 0;
        while (a < aEnd || b < bEnd)
        {
            var column = Math.Min(a < aEnd ? targets[a] : int.MaxValue, b < bEnd ? reverse.Columns[b] : int.MaxValue);
            var there = a < aEnd && targets[a] == column ? weights[a++] : 0;
            var back = b < bEnd && reverse.Columns[b] == column ? reverse.Values[b++] : 0;
            var joint = join(there, back);
            if (joint == 0) continue;
            if (!columns.IsEmpty) (columns[entries], values[entries]) = (column, joint);
            entries++;
        }
        return entries;
    }
}
