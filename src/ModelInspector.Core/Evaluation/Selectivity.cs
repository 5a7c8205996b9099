using ModelInspector.Numerics;

namespace ModelInspector.Evaluation;

/// <summary>How much of a unit's response the class explains, and which class it answers to most.</summary>
/// <param name="Share">η²: variance between classes / variance over samples, 0 … 1; NaN where the unit never changes or there are no two classes.</param>
/// <param name="Class">The class with the largest mean response; -1 without classes.</param>
/// <remarks>
/// η² = Σ_c n_c (m_c − m)² / Σ_i (x_i − m)². A unit that is silent but for one image of a class scores low; one that counts a class's background scores high.
/// With few samples a class, chance alone gives about (classes − 1) / (samples − 1). Source: Fisher, Statistical Methods for Research Workers, 1925.
/// </remarks>
public readonly record struct Selectivity(double Share, int Class)
{
    /// <summary>One a column of <paramref name="responses"/>.</summary>
    /// <param name="responses">(samples, units): one number a unit and sample, such as the mean over positions.</param>
    /// <param name="labels">Class of each sample; negative ones are left out.</param>
    /// <exception cref="ArgumentException">Not one label a sample.</exception>
    public static Selectivity[] Of(Matrix responses, ReadOnlySpan<int> labels)
    {
        if (labels.Length != responses.Rows) throw new ArgumentException($"{labels.Length} labels for {responses.Rows} samples.", nameof(labels));
        var (classes, known) = (0, labels.ToArray());
        foreach (var label in known) classes = Math.Max(classes, label + 1);
        var found = new Selectivity[responses.Columns];
        RowParallel.Run(responses.Columns, 16, (_, from, to) =>
        {
            for (var unit = from; unit < to; unit++) found[unit] = Of(responses, known, unit, classes);
        });
        return found;
    }

    private static Selectivity Of(Matrix responses, int[] labels, int unit, int classes)
    {
        var (sums, counts) = (new double[classes], new int[classes]);
        for (var row = 0; row < labels.Length; row++)
        {
            if (labels[row] < 0) continue;
            sums[labels[row]] += responses[row, unit];
            counts[labels[row]]++;
        }
        if (counts.Count(count => count > 0) < 2) return new Selectivity(double.NaN, Best(sums, counts));
        var mean = sums.Sum() / counts.Sum();
        var (between, total) = (0.0, 0.0);
        for (var c = 0; c < classes; c++)
            if (counts[c] > 0) between += counts[c] * Square(sums[c] / counts[c] - mean);
        for (var row = 0; row < labels.Length; row++)
            if (labels[row] >= 0) total += Square(responses[row, unit] - mean);
        return new Selectivity(total > 0 ? Math.Min(1, between / total) : double.NaN, Best(sums, counts));
    }

    private static int Best(double[] sums, int[] counts)
    {
        var best = -1;
        for (var c = 0; c < sums.Length; c++)
            if (counts[c] > 0 && (best < 0 || sums[c] / counts[c] > sums[best] / counts[best])) best = c;
        return best;
    }

    private static double Square(double value) => value * value;
}
