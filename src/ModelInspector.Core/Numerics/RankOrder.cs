namespace ModelInspector.Numerics;

/// <summary>Statistics of ranks.</summary>
public static class RankOrder
{
    /// <summary>Spearman's rank correlation, ties at their mean rank; NaN when either side does not vary.</summary>
    public static double Correlation(double[] a, double[] b)
    {
        if (a.Length != b.Length) throw new ArgumentException($"{a.Length} values cannot be paired with {b.Length}.");
        var (ranksA, ranksB) = (Ranks(a), Ranks(b));
        var mean = (a.Length - 1) / 2.0;
        double ab = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            var (x, y) = (ranksA[i] - mean, ranksB[i] - mean);
            (ab, aa, bb) = (ab + x * y, aa + x * x, bb + y * y);
        }
        return ab / Math.Sqrt(aa * bb);
    }

    /// <summary>Kendall's τ-b: pairs in the same order minus pairs in opposite order, over √(pairs that differ on one side · pairs that differ on the other); NaN when either side does not vary.</summary>
    /// <remarks>By merge sort, n log n. Source: Kendall, Biometrika 1945; Knight, Journal of the American Statistical Association 1966.</remarks>
    public static double Concordance(double[] a, double[] b)
    {
        if (a.Length != b.Length) throw new ArgumentException($"{a.Length} values cannot be paired with {b.Length}.");
        var (x, y) = ((double[])[.. a], (double[])[.. b]);
        Array.Sort([.. a.Zip(b)], y);
        Array.Sort(x);
        var (pairs, tiedX, tiedBoth) = (Pairs(a.Length), Tied(a.Length, (i, j) => x[i] == x[j]), Tied(a.Length, (i, j) => x[i] == x[j] && y[i] == y[j]));
        var opposite = Inversions(y, new double[y.Length], 0, y.Length);        // sorts y
        var tiedY = Tied(a.Length, (i, j) => y[i] == y[j]);
        return (pairs - tiedX - tiedY + tiedBoth - 2 * opposite) / Math.Sqrt((double)(pairs - tiedX) * (pairs - tiedY));
    }

    private static long Pairs(long count) => count * (count - 1) / 2;

    // Pairs within runs of equal neighbours.
    private static long Tied(int count, Func<int, int, bool> same)
    {
        var tied = 0L;
        for (int from = 0, to; from < count; from = to)
        {
            for (to = from + 1; to < count && same(from, to);) to++;
            tied += Pairs(to - from);
        }
        return tied;
    }

    // How many pairs of values[from … to) stand in falling order; sorts them.
    private static long Inversions(double[] values, double[] scratch, int from, int to)
    {
        if (to - from < 2) return 0;
        var middle = from + (to - from) / 2;
        var count = Inversions(values, scratch, from, middle) + Inversions(values, scratch, middle, to);
        values.AsSpan(from, to - from).CopyTo(scratch.AsSpan(from));
        for (int left = from, right = middle, into = from; into < to; into++)
        {
            if (right == to || (left < middle && scratch[left] <= scratch[right])) values[into] = scratch[left++];
            else (values[into], count) = (scratch[right++], count + middle - left);
        }
        return count;
    }

    /// <summary>Rank of every value, from 0; ties share the mean of their ranks.</summary>
    public static double[] Ranks(double[] values)
    {
        var order = Enumerable.Range(0, values.Length).ToArray();
        Array.Sort([.. values], order);
        var ranks = new double[values.Length];
        for (int from = 0, to; from < order.Length; from = to)
        {
            for (to = from + 1; to < order.Length && values[order[to]] == values[order[from]];) to++;
            for (var k = from; k < to; k++) ranks[order[k]] = (from + to - 1) / 2.0;
        }
        return ranks;
    }
}
