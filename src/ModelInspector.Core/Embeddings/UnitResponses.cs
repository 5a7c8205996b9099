using System.Collections.Immutable;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>
/// A layer's units as rows: one row a channel, one column a sample. Every row is brought to mean 0 and variance 1, so that two units lie near when
/// they answer to the same samples, however loudly: the squared distance is 2·samples·(1 − their correlation).
/// </summary>
/// <param name="Rows">Units × samples, standardised; a silent unit's row is 0.</param>
/// <param name="Silent">Units that answer to every sample alike.</param>
public sealed record UnitResponses(Matrix Rows, ImmutableArray<int> Silent)
{
    /// <summary>Turns samples × units around.</summary>
    /// <param name="activations">One row a sample, one column a unit.</param>
    /// <exception cref="InputException">There is no sample, or a value is not finite.</exception>
    public static UnitResponses Of(Matrix activations)
    {
        EmbeddingInput.Check(activations, "units as points", 2);
        var rows = new Matrix(activations.Columns, activations.Rows);
        var silent = new bool[rows.Rows];
        RowParallel.Run(rows.Rows, 16, (_, from, to) =>
        {
            for (var unit = from; unit < to; unit++) silent[unit] = !Standardise(activations, unit, rows.Row(unit));
        });
        return new(rows, [.. Enumerable.Range(0, silent.Length).Where(unit => silent[unit])]);
    }

    /// <summary>
    /// The class that each unit answers to most, by mean response, and how selectively: (largest mean − mean of the others) / (their sum of magnitudes),
    /// 0 for no class above the others. Class -1 for silent units and without labels. Source: Morcos et al., ICLR 2018, §3.1.
    /// </summary>
    public static ImmutableArray<(int Class, double Selectivity)> Preferences(Matrix activations, ReadOnlySpan<int> labels)
    {
        var classes = labels.Length == 0 ? 0 : labels.ToArray().Max() + 1;
        var (sums, counts) = (new double[Math.Max(0, classes), activations.Columns], new int[Math.Max(0, classes)]);
        for (var row = 0; row < labels.Length; row++)
        {
            if (labels[row] < 0) continue;
            counts[labels[row]]++;
            for (var unit = 0; unit < activations.Columns; unit++) sums[labels[row], unit] += activations[row, unit];
        }
        int[] seen = [.. Enumerable.Range(0, Math.Max(0, classes)).Where(label => counts[label] > 0)];
        return [.. Enumerable.Range(0, activations.Columns).Select(unit => Preference([.. seen.Select(label => (label, sums[label, unit] / counts[label]))]))];
    }

    private static (int Class, double Selectivity) Preference((int Class, double Mean)[] means)
    {
        if (means.Length < 2) return (-1, 0);
        var best = means.MaxBy(mean => mean.Mean);
        var others = means.Where(mean => mean.Class != best.Class).Average(mean => mean.Mean);
        var scale = Math.Abs(best.Mean) + Math.Abs(others);
        return best.Mean > others && scale > 0 ? (best.Class, (best.Mean - others) / scale) : (-1, 0);
    }

    private static bool Standardise(Matrix activations, int unit, Span<float> into)
    {
        double mean = 0, squares = 0;
        for (var sample = 0; sample < into.Length; sample++) mean += activations[sample, unit] / (double)into.Length;
        for (var sample = 0; sample < into.Length; sample++) squares += (activations[sample, unit] - mean) * (activations[sample, unit] - mean);
        var deviation = Math.Sqrt(squares / into.Length);
        if (deviation <= 1e-6 * Math.Abs(mean) || deviation < 1e-30) return false;
        for (var sample = 0; sample < into.Length; sample++) into[sample] = (float)((activations[sample, unit] - mean) / deviation);
        return true;
    }
}
