using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Numerics;

namespace ModelInspector.Evaluation;

/// <summary>
/// Percentile bootstrap of a mean over images, or over patients when images of one patient belong together: whole units are drawn with replacement.
/// </summary>
/// <param name="Resamples">Number of draws.</param>
/// <param name="Level">Share of the draws that the interval covers.</param>
/// <remarks>
/// Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, ch. 13; units of several images: Davison and Hinkley 1997, §3.8.
/// With few units (below about 20) percentile intervals are too narrow. With a single unit there is no interval: low and high are the estimate.
/// </remarks>
public sealed record Bootstrap(
    [Range(100, 1_000_000)][Description("Number of draws.")] int Resamples = 2000,
    [Range(0.5, 0.999)][Description("Share of the draws that the interval covers.")] double Level = 0.95)
{
    /// <summary>Prepares the draws for images that belong to units; the same draws serve every score of these images, so differences are paired.</summary>
    /// <param name="units">Name of each image's unit; empty: each image is its own. An empty name is a unit of its own.</param>
    /// <param name="images">Number of images.</param>
    /// <param name="seed">Same seed, same intervals.</param>
    /// <exception cref="ArgumentException">There are names for some images only.</exception>
    public BootstrapDraws Over(ImmutableArray<string> units, int images, ulong seed)
    {
        if (!units.IsDefaultOrEmpty && units.Length != images) throw new ArgumentException($"{units.Length} unit names for {images} images.", nameof(units));
        var unitOf = new int[images];
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var count = 0;
        for (var image = 0; image < images; image++)
        {
            var name = units.IsDefaultOrEmpty ? "" : units[image];
            unitOf[image] = name == "" ? count++ : seen.TryGetValue(name, out var known) ? known : seen[name] = count++;
        }
        return new(this, unitOf, count, seed);
    }

    /// <summary>Prepares draws of repeats (trained networks) that were all measured on the same images, and of the images' units.</summary>
    /// <param name="repeats">Number of repeats.</param>
    /// <param name="units">Name of each image's unit; empty: each image is its own.</param>
    /// <param name="images">Number of images.</param>
    /// <param name="seed">Same seed, same intervals.</param>
    /// <exception cref="ArgumentException">There are names for some images only.</exception>
    public CrossedDraws Crossed(int repeats, ImmutableArray<string> units, int images, ulong seed) => new(Over(units, images, seed), repeats, Resamples, seed);
}

/// <summary>Prepared draws; makes intervals. Safe to use from several threads.</summary>
public sealed class BootstrapDraws
{
    private readonly Bootstrap settings;
    private readonly int[] unitOf;
    private readonly int units;
    private readonly ushort[]? times; // resample × unit: how often the unit was drawn
    private readonly Randomness random;

    internal BootstrapDraws(Bootstrap settings, int[] unitOf, int units, ulong seed)
    {
        (this.settings, this.unitOf, this.units) = (settings, unitOf, units);
        random = new Randomness(seed, 0xB0075);
        // Beyond this the draws are made again for every score instead of kept.
        if ((long)settings.Resamples * units <= 1 << 26) times = Drawn();
    }

    /// <summary>Number of independent units.</summary>
    public int Units => units;

    /// <summary>Unit of each image.</summary>
    internal ReadOnlySpan<int> UnitOf => unitOf;

    /// <summary>The mean over the images whose value is not NaN, with its interval. Units without any value do not count.</summary>
    /// <returns>NaN and a count of zero if no image has a value.</returns>
    public Interval Mean(ReadOnlySpan<double> values)
    {
        var (sums, counts) = (new double[units], new int[units]);
        for (var image = 0; image < values.Length; image++)
        {
            if (double.IsNaN(values[image])) continue;
            sums[unitOf[image]] += values[image];
            counts[unitOf[image]]++;
        }
        var used = counts.Count(count => count > 0);
        var estimate = used == 0 ? double.NaN : sums.Sum() / counts.Sum();
        return used < 2 ? new(estimate, estimate, estimate, used) : Percentiles(estimate, used, Means(sums, counts));
    }

    /// <summary>The mean of one draw; NaN where it hits no unit with a value.</summary>
    internal double Mean(ReadOnlySpan<double> values, int resample)
    {
        var drawn = times is null ? new ushort[units] : null;
        if (drawn is not null) Draw(resample, drawn);
        var weights = drawn ?? times.AsSpan(resample * units, units);
        var (sum, count) = (0.0, 0L);
        for (var image = 0; image < values.Length; image++)
            if (!double.IsNaN(values[image])) (sum, count) = (sum + weights[unitOf[image]] * values[image], count + weights[unitOf[image]]);
        return count > 0 ? sum / count : double.NaN;
    }

    internal Interval Percentiles(double estimate, int used, List<double> means)
    {
        means.Sort();
        var tail = (1 - settings.Level) / 2;
        return new(estimate, Quantile(means, tail), Quantile(means, 1 - tail), used);
    }

    // A draw that hits no unit with a value has no mean.
    private List<double> Means(double[] sums, int[] counts)
    {
        var means = new List<double>(settings.Resamples);
        var drawn = times is null ? new ushort[units] : null;
        for (var resample = 0; resample < settings.Resamples; resample++)
        {
            if (drawn is not null) Draw(resample, drawn);
            var weights = drawn ?? times.AsSpan(resample * units, units);
            var (sum, count) = (0.0, 0L);
            for (var unit = 0; unit < units; unit++)
            {
                sum += weights[unit] * sums[unit];
                count += weights[unit] * (long)counts[unit];
            }
            if (count > 0) means.Add(sum / count);
        }
        return means;
    }

    private ushort[] Drawn()
    {
        var all = new ushort[settings.Resamples * units];
        RowParallel.Run(settings.Resamples, 64, (_, from, to) =>
        {
            for (var resample = from; resample < to; resample++) Draw(resample, all.AsSpan(resample * units, units));
        });
        return all;
    }

    private void Draw(int resample, Span<ushort> into)
    {
        into.Clear();
        for (var i = 0; i < units; i++) into[random.Below(units, (ulong)resample * (ulong)units + (ulong)i)]++;
    }

    // Linear between order statistics.
    private static double Quantile(List<double> sorted, double share)
    {
        var place = share * (sorted.Count - 1);
        var low = (int)place;
        return low + 1 < sorted.Count ? sorted[low] + (place - low) * (sorted[low + 1] - sorted[low]) : sorted[low];
    }
}
