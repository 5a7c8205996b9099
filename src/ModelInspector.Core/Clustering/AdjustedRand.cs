namespace ModelInspector.Clustering;

/// <summary>
/// The adjusted Rand index of two groupings of the same rows: 1 when they are the same, about 0 when they agree as much as chance would, below
/// when less. Source: Hubert and Arabie, Journal of Classification 1985, eq. 5.
/// </summary>
public static class AdjustedRand
{
    /// <summary>Compares; rows that either leaves out (negative) do not count. NaN when fewer than two rows are left.</summary>
    public static double Index(ReadOnlySpan<int> one, ReadOnlySpan<int> other)
    {
        if (one.Length != other.Length) throw new ArgumentException($"{one.Length} groups cannot be compared with {other.Length}.");
        var cells = new Dictionary<(int, int), long>();
        var (rows, columns, count) = (new Dictionary<int, long>(), new Dictionary<int, long>(), 0L);
        for (var i = 0; i < one.Length; i++)
        {
            if (one[i] < 0 || other[i] < 0) continue;
            cells[(one[i], other[i])] = cells.GetValueOrDefault((one[i], other[i])) + 1;
            rows[one[i]] = rows.GetValueOrDefault(one[i]) + 1;
            columns[other[i]] = columns.GetValueOrDefault(other[i]) + 1;
            count++;
        }
        if (count < 2) return double.NaN;
        double together = cells.Values.Sum(Pairs), first = rows.Values.Sum(Pairs), second = columns.Values.Sum(Pairs);
        var (expected, most) = (first * second / Pairs(count), (first + second) / 2);
        return most == expected ? 1 : (together - expected) / (most - expected); // both trivial: the same
    }

    private static double Pairs(long count) => count * (count - 1) / 2.0;
}
