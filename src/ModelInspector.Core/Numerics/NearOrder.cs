namespace ModelInspector.Numerics;

/// <summary>An order of rows in which near ones lie together: halves along the widest of the leading columns, down to leaves.</summary>
internal static class NearOrder
{
    private const int Axes = 16;

    /// <summary>The row at each place; the borders between halves are multiples of <paramref name="leaf"/>.</summary>
    public static int[] Of(Matrix rows, int leaf)
    {
        var order = Enumerable.Range(0, rows.Rows).ToArray();
        var keys = new ulong[rows.Rows];
        // Level by level, so that the parts of one level can be split at the same time.
        for (List<(int From, int To)> parts = [(0, rows.Rows)]; parts.Count > 0;)
        {
            var split = parts.Where(part => part.To - part.From > leaf).ToArray();
            RowParallel.Run(split.Length, 1, (_, at, _) => Split(rows, order, keys, split[at].From, split[at].To, Middle(split[at], leaf)));
            parts = [.. split.SelectMany(part => new[] { (part.From, Middle(part, leaf)), (Middle(part, leaf), part.To) })];
        }
        return order;
    }

    private static int Middle((int From, int To) part, int leaf) =>
        part.From + RowParallel.Chunks(part.To - part.From, leaf) / 2 * leaf;

    private static void Split(Matrix rows, int[] order, ulong[] keys, int from, int to, int middle)
    {
        var axis = Widest(rows, order.AsSpan(from, to - from));
        var mine = keys.AsSpan(from, to - from);
        for (var place = from; place < to; place++) keys[place] = ((ulong)Sortable(rows[order[place], axis]) << 32) | (uint)order[place];
        Selection.Smallest(mine, middle - from);
        for (var place = from; place < to; place++) order[place] = (int)(uint)keys[place];
    }

    private static int Widest(Matrix rows, ReadOnlySpan<int> members)
    {
        var axes = Math.Min(Axes, rows.Columns);
        Span<double> sum = stackalloc double[axes], squares = stackalloc double[axes];
        // A sample of the members is enough to choose by.
        var step = Math.Max(1, members.Length / 1024);
        var count = 0;
        for (var i = 0; i < members.Length; i += step, count++)
        {
            var row = rows.Row(members[i]);
            for (var axis = 0; axis < axes; axis++) (sum[axis], squares[axis]) = (sum[axis] + row[axis], squares[axis] + (double)row[axis] * row[axis]);
        }
        var widest = 0;
        for (var axis = 0; axis < axes; axis++)
        {
            squares[axis] -= sum[axis] * sum[axis] / count;
            if (squares[axis] > squares[widest]) widest = axis;
        }
        return widest;
    }

    // Bits that sort like the float.
    private static uint Sortable(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
    }
}
