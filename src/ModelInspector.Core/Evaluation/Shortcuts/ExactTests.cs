using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Shortcuts;

/// <summary>One-sided tests that need no assumption about distributions. Every row is an independent unit.</summary>
internal static class ExactTests
{
    private const int Draws = 9999;
    private const int LargestExact = 5000;

    /// <summary>
    /// Chance that the sum of the first entries is at least as large as it is if, in each unit, any of the entries could as well have been the first.
    /// </summary>
    /// <param name="units">One array a unit: the suspect's value, then its controls'. Whole numbers are tested exactly, others by seeded draws.</param>
    /// <param name="seed">Of the draws.</param>
    public static double FirstIsLargest(IReadOnlyList<double[]> units, ulong seed)
    {
        var open = units.Where(unit => unit.Any(value => value != unit[0])).ToList();
        if (open.Count == 0) return 1;
        var observed = open.Sum(unit => unit[0]);
        return open.Count <= LargestExact && open.All(unit => unit.All(value => value >= 0 && value == Math.Floor(value)))
            ? Exact(open, (int)observed)
            : Drawn(observed, draw => open.Select((unit, i) => unit[draw.Below(unit.Length, (ulong)i)]).Sum(), seed);
    }

    /// <summary>Chance of at least so many positive differences if positive and negative were equally likely; zeros do not count.</summary>
    public static double Sign(IEnumerable<double> differences)
    {
        var signs = differences.Where(difference => difference != 0 && !double.IsNaN(difference)).Select(difference => difference > 0).ToList();
        var (count, positive) = (signs.Count, signs.Count(sign => sign));
        var (sum, log) = (0.0, -count * Math.Log(2)); // of the chance of 0 positives
        for (var k = 0; k <= count; k++)
        {
            if (k >= positive) sum += Math.Exp(log);
            log += Math.Log(count - k) - Math.Log(k + 1);
        }
        return Math.Min(1, sum);
    }

    /// <summary>Share of seeded draws that are at least as large as what was observed, the observation itself counted among them.</summary>
    public static double Drawn(double observed, Func<Randomness, double> draw, ulong seed)
    {
        var reached = new int[Draws];
        var least = observed - 1e-9 * Math.Abs(observed);
        RowParallel.Run(Draws, 64, (_, from, to) =>
        {
            for (var i = from; i < to; i++) reached[i] = draw(new Randomness(seed, 0x9E57 + (ulong)i)) >= least ? 1 : 0;
        });
        return (1.0 + reached.Sum()) / (Draws + 1);
    }

    // The distribution of the sum, unit by unit.
    private static double Exact(List<double[]> units, int observed)
    {
        var chances = new double[1 + (int)units.Sum(unit => unit.Max())];
        var next = new double[chances.Length];
        chances[0] = 1;
        var reach = 0;
        foreach (var unit in units)
        {
            var farther = reach + (int)unit.Max();
            next.AsSpan(0, farther + 1).Clear();
            foreach (var option in unit)
                for (var sum = 0; sum <= reach; sum++) next[sum + (int)option] += chances[sum] / unit.Length;
            (chances, next, reach) = (next, chances, farther);
        }
        return Math.Min(1, chances.AsSpan(observed..(reach + 1)).ToArray().Sum());
    }
}
