using System.Numerics.Tensors;

namespace ModelInspector.Numerics;

/// <summary>An order of rows in which near ones lie together: halves along the widest of the leading columns, down to leaves.</summary>
internal static class NearOrder
{
    private const int Axes = 16;

    /// <summary>The row at each place; the borders between halves are multiples of <paramref name="leaf"/>.</summary>
    public static int[] Of(Matrix rows, int leaf) => Halve(rows.Rows, leaf, (members, _) =>
    {
        var axis = Widest(rows, members);
        return row => rows[row, axis];
    });

    /// <summary>
    /// The same along random directions, each from one member of a half to another: a random projection tree (Dasgupta and Freund 2008).
    /// </summary>
    public static int[] Random(Matrix rows, int leaf, Randomness random) => Halve(rows.Rows, leaf, (members, part) =>
    {
        var (a, b) = (members[random.Below(members.Length, 2 * (ulong)part)], members[random.Below(members.Length, 2 * (ulong)part + 1)]);
        var direction = new float[rows.Columns];
        TensorPrimitives.Subtract<float>(rows.Row(b), rows.Row(a), direction);
        return row => TensorPrimitives.Dot<float>(rows.Row(row), direction);
    });

    // Level by level, so that the parts of one level can be split at the same time. A part is known by its first place.
    private static int[] Halve(int rows, int leaf, Func<ReadOnlySpan<int>, int, Func<int, float>> measure)
    {
        var order = Enumerable.Range(0, rows).ToArray();
        var keys = new ulong[rows];
        for (List<(int From, int To)> parts = [(0, rows)]; parts.Count > 0;)
        {
            var split = parts.Where(part => part.To - part.From > leaf).ToArray();
            RowParallel.Run(split.Length, 1, (_, at, _) =>
            {
                var (from, to) = split[at];
                Split(order.AsSpan(from, to - from), keys.AsSpan(from, to - from), measure(order.AsSpan(from, to - from), from), Middle(split[at], leaf) - from);
            });
            parts = [.. split.SelectMany(part => new[] { (part.From, Middle(part, leaf)), (Middle(part, leaf), part.To) })];
        }
        return order;
    }

    private static int Middle((int From, int To) part, int leaf) =>
        part.From + RowParallel.Chunks(part.To - part.From, leaf) / 2 * leaf;

    private static void Split(Span<int> members, Span<ulong> keys, Func<int, float> measure, int middle)
    {
        for (var i = 0; i < members.Length; i++) keys[i] = ((ulong)Sortable(measure(members[i])) << 32) | (uint)members[i];
        Selection.Smallest(keys, middle);
        for (var i = 0; i < members.Length; i++) members[i] = (int)(uint)keys[i];
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
