using ModelInspector.Numerics;

namespace ModelInspector.Evaluation;

/// <summary>
/// Prepared draws for scores of several repeats (trained networks) on the same images: of each draw the repeats are drawn with replacement, then the images' units
/// (patients), which all drawn repeats share, as they share them in truth. Safe to use from several threads.
/// </summary>
/// <remarks>
/// What holds for the mean over repeats and images holds then for further repeats and further patients. Source: Owen, The pigeonhole bootstrap, Annals of Applied Statistics 2007.
/// Of r repeats a bootstrap finds (r − 1)/r of the variance between them: with three, intervals are about a fifth too narrow where repeats differ most. Cost: resamples · repeats · images for a score.
/// </remarks>
public sealed class CrossedDraws
{
    private const int Block = 64;
    private readonly BootstrapDraws units;
    private readonly int repeats;
    private readonly int resamples;
    private readonly Randomness random;

    internal CrossedDraws(BootstrapDraws units, int repeats, int resamples, ulong seed) =>
        (this.units, this.repeats, this.resamples, random) = (units, repeats, resamples, new Randomness(seed, 0xC2055));

    /// <summary>The mean over images of what an image has on average over the repeats, with its interval and how likely chance alone takes it as far from zero.</summary>
    /// <param name="values">One array a repeat, one value an image; NaN where there is none.</param>
    /// <returns>NaN and a count of zero if there is no value.</returns>
    /// <exception cref="ArgumentException">There are more or fewer repeats than were prepared for.</exception>
    public TestedMean Mean(IReadOnlyList<double[]> values)
    {
        if (values.Count != repeats) throw new ArgumentException($"{values.Count} repeats; expected {repeats}.", nameof(values));
        var estimate = units.Mean(Averages(values, [.. Enumerable.Repeat(1, repeats)]));
        if (estimate.Count == 0) return new(estimate, 1);
        var means = new double[resamples];
        RowParallel.Run(resamples, Block, (_, from, to) =>
        {
            for (var resample = from; resample < to; resample++) means[resample] = units.Mean(Averages(values, Drawn(resample)), resample);
        });
        return new(units.Percentiles(estimate.Estimate, estimate.Count, [.. means.Where(double.IsFinite)]), Chance([.. means.Where(double.IsFinite)]));
    }

    // Twice the share of the draws on the rarer side of zero; the estimate itself counts as a draw, so that it is never nought.
    private static double Chance(double[] means) =>
        Math.Min(1, 2.0 * (Math.Min(means.Count(mean => mean <= 0), means.Count(mean => mean >= 0)) + 1) / (means.Length + 1));

    private int[] Drawn(int resample)
    {
        var times = new int[repeats];
        for (var i = 0; i < repeats; i++) times[random.Below(repeats, (ulong)resample * (ulong)repeats + (ulong)i)]++;
        return times;
    }

    private static double[] Averages(IReadOnlyList<double[]> values, int[] times)
    {
        var averages = new double[values[0].Length];
        for (var image = 0; image < averages.Length; image++)
        {
            var (sum, count) = (0.0, 0);
            for (var repeat = 0; repeat < times.Length; repeat++)
                if (times[repeat] > 0 && !double.IsNaN(values[repeat][image])) (sum, count) = (sum + times[repeat] * values[repeat][image], count + times[repeat]);
            averages[image] = count > 0 ? sum / count : double.NaN;
        }
        return averages;
    }
}

/// <summary>A mean with its interval, and the p-value of its distance from zero.</summary>
/// <param name="Value">The mean and its interval.</param>
/// <param name="P">Two-sided bootstrap p-value, at least 2/(draws + 1).</param>
public sealed record TestedMean(Interval Value, double P);
