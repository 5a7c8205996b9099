using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Shortcuts;

/// <summary>
/// The smallest excess of flipped decisions that the intervention test would have found with a given probability, at the level that Holm's correction
/// leaves for the strictest of the tests. Found by simulation: as many independent units as there are, controls that flip at the observed rate, and a
/// suspect that flips by the excess more often; a unit of several samples counts as one, which errs on the side of caution.
/// </summary>
internal sealed record DetectableEffect(int Units, int Controls, double ControlRate, double Level)
{
    private const int Trials = 200;

    /// <summary>The probability with which it would have been found.</summary>
    public double Power { get; init; } = 0.8;

    // In steps of one point.
    public double? Find(ulong seed)
    {
        if (Units == 0 || PowerOf(100, seed) < Power) return null;
        var (low, high) = (0, 100);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (PowerOf(middle, seed) >= Power) high = middle;
            else low = middle;
        }
        return high / 100.0;
    }

    private double PowerOf(int points, ulong seed)
    {
        var found = new int[Trials];
        RowParallel.Run(Trials, 8, (_, from, to) =>
        {
            for (var trial = from; trial < to; trial++) found[trial] = Finds(points / 100.0, new Randomness(seed, 0xDE7EC7 + (ulong)trial)) ? 1 : 0;
        });
        return (double)found.Sum() / Trials;
    }

    private bool Finds(double excess, Randomness random)
    {
        var units = new double[Units][];
        for (var unit = 0; unit < Units; unit++)
        {
            units[unit] = new double[Controls + 1];
            for (var i = 0; i <= Controls; i++)
                units[unit][i] = random.Uniform((ulong)(unit * (Controls + 1) + i)) < (i == 0 ? Math.Min(1, ControlRate + excess) : ControlRate) ? 1 : 0;
        }
        return (Units <= 100 ? ExactTests.FirstIsLargest(units, 0) : Normal(units)) <= Level;
    }

    // The sum over many units is nearly normal; the half is the correction for whole numbers.
    private static double Normal(double[][] units)
    {
        var (excess, variance) = (0.0, 0.0);
        foreach (var unit in units)
        {
            var rate = unit.Average();
            excess += unit[0] - rate;
            variance += rate * (1 - rate);
        }
        return variance == 0 ? 1 : MathNet.Numerics.Distributions.Normal.CDF(0, 1, -(excess - 0.5) / Math.Sqrt(variance));
    }
}
