using System.Collections.Immutable;

namespace ModelInspector.Models.Costs;

/// <summary>Smallest and largest position of the input that was found for each position along one axis of a result.</summary>
/// <param name="At">The axis.</param>
/// <param name="Low">Smallest; infinite where there is none.</param>
/// <param name="High">Largest.</param>
internal sealed record Extremes(int At, ImmutableArray<double> Low, ImmutableArray<double> High)
{
    // What float32 loses of positions that carry a mark.
    private const double Noise = 1.0 / 64;

    public static bool AreEqual(double a, double b) => Math.Abs(a - b) < Noise;

    public static double Rounded(double value) => AreEqual(value, Math.Round(value)) ? Math.Round(value) : value;

    /// <summary>Positions that go up evenly, each repeated as often, and begin anew as often: what is left when axes are merged.</summary>
    public (double Begin, double Step, long Block, long Count)? Fold()
    {
        if (!Low.Zip(High).All(pair => AreEqual(pair.First, pair.Second))) return null;
        var block = Low.TakeWhile(value => AreEqual(value, Low[0])).Count();
        if (block == Low.Length || Low[block] < Low[0]) return null;
        var step = Low[block] - Low[0];
        var count = Enumerable.Range(1, (Low.Length - 1) / block).FirstOrDefault(at => AreEqual(Low[at * block], Low[0]), (Low.Length + block - 1) / block);
        return Low.Index().All(value => AreEqual(value.Item, Low[0] + (step * (value.Index / block % count)))) ? (Rounded(Low[0]), Rounded(step), block, count) : null;
    }

    /// <summary>The narrowest band of a slope that holds the middle half; borders may be padded.</summary>
    /// <param name="likely">A slope to try beside that of the positions.</param>
    public (double Begin, double Slope, double Width)? Band(double likely)
    {
        var (from, to) = (Low.Length / 4, Math.Max((Low.Length / 4) + 1, 3 * Low.Length / 4));
        return new[] { (Low[to] - Low[from]) / (to - from), likely }.Where(slope => slope > 0 && double.IsFinite(slope))
            .Select(slope => Band(slope, from, to)).Where(band => band is not null).MinBy(band => band!.Value.Width);
    }

    private (double Begin, double Slope, double Width)? Band(double slope, int from, int to)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        for (var i = from; i <= to; i++)
        {
            low = Math.Min(low, Low[i] - (i * slope));
            high = Math.Max(high, High[i] - (i * slope));
        }
        // Positions that are scattered as far as the band is long go nowhere.
        var width = high - low < Noise ? 0 : high - low;
        return double.IsFinite(low) && double.IsFinite(high) && width <= slope * Math.Max(1, (to - from) / 2.0) ? (Rounded(low), Rounded(slope), width) : null;
    }
}
