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
