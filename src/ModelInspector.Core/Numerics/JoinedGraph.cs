namespace ModelInspector.Numerics;

/// <summary>
/// A directed graph joined with its reverse: entry (i, j) is the joint weight of the edges i → j and j → i, an edge that is not there
/// having weight 0. Rows are made on demand, so that nothing but the reverse edges is stored a second time.
/// </summary>
internal sealed unsafe class JoinedGraph : IDisposable
{
    private readonly int[] targets;
    private readonly float[] weights;
    private readonly int count;
    private readonly Func<float, float, float> join;
    private readonly int[] reverseStarts;
    private readonly NativeBuffer<int> sources;
    private readonly NativeBuffer<float> reverseWeights;

    /// <param name="targets">Targets of every row's edges, <paramref name="count"/> a row; sorted in place.</param>
    /// <param name="weights">Their weights; reordered in place.</param>
    /// <param name="count">Edges of every row.</param>
    /// <param name="join">The joint weight; must not depend on the order of its arguments. Entries of joint weight 0 vanish.</param>
    public JoinedGraph(int[] targets, float[] weights, int count, Func<float, float, float> join)
    {
        (this.targets, this.weights, this.count, this.join) = (targets, weights, count, join);
        Rows = count == 0 ? 0 : targets.Length / count;
        RowParallel.Run(Rows, 512, (_, from, to) =>
        {
            for (var row = from; row < to; row++) targets.AsSpan(row * count, count).Sort(weights.AsSpan(row * count, count));
        });
        reverseStarts = new int[Rows + 1];
        (sources, reverseWeights) = (new NativeBuffer<int>(targets.Length), new NativeBuffer<float>(targets.Length));
        Reverse();
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    public void Dispose()
    {
        sources.Dispose();
        reverseWeights.Dispose();
    }

    /// <summary>Number of entries of a row.</summary>
    public int Count(int row) => Merge(row, default, default);

    /// <summary>Writes the entries of a row by ascending column and returns their number.</summary>
    public int Entries(int row, Span<int> columns, Span<float> values) => Merge(row, columns, values);

    /// <summary>All rows, stored.</summary>
    public SparseRows Store()
    {
        var starts = new int[Rows + 1];
        RowParallel.Run(Rows, 512, (_, from, to) =>
        {
            for (var row = from; row < to; row++) starts[row + 1] = Count(row);
        });
        for (var row = 0; row < Rows; row++) starts[row + 1] = checked(starts[row] + starts[row + 1]);
        var stored = new SparseRows(starts, new int[starts[Rows]], new float[starts[Rows]]);
        RowParallel.Run(Rows, 512, (_, from, to) =>
        {
            for (var row = from; row < to; row++) Entries(row, stored.Columns.AsSpan(starts[row]), stored.Values.AsSpan(starts[row]));
        });
        return stored;
    }

    // Edges into every row, by ascending source: a counting sort.
    private void Reverse()
    {
        foreach (var target in targets) reverseStarts[target + 1]++;
        for (var row = 0; row < Rows; row++) reverseStarts[row + 1] += reverseStarts[row];
        var next = reverseStarts.AsSpan(0, Rows).ToArray();
        for (var edge = 0; edge < targets.Length; edge++)
        {
            var slot = next[targets[edge]]++;
            (sources.Start[slot], reverseWeights.Start[slot]) = (edge / count, weights[edge]);
        }
    }

    private int Merge(int row, Span<int> columns, Span<float> values)
    {
        int a = row * count, aEnd = a + count, b = reverseStarts[row], bEnd = reverseStarts[row + 1], entries = 0;
        while (a < aEnd || b < bEnd)
        {
            var column = Math.Min(a < aEnd ? targets[a] : int.MaxValue, b < bEnd ? sources.Start[b] : int.MaxValue);
            var there = a < aEnd && targets[a] == column ? weights[a++] : 0;
            var back = b < bEnd && sources.Start[b] == column ? reverseWeights.Start[b++] : 0;
            var joint = join(there, back);
            if (joint == 0) continue;
            if (!columns.IsEmpty) (columns[entries], values[entries]) = (column, joint);
            entries++;
        }
        return entries;
    }
}
