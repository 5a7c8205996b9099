namespace ModelInspector.Inspection;

/// <summary>How much of the brightest tenth of one map is in the brightest tenth of another.</summary>
/// <remarks>
/// Σ a·b / k over positions, with k a tenth of them and a, b the chance that a position is among the k largest when ties are broken at random: 1 above
/// the k-th largest value, 0 below, in between what is left for the tied ones. Unit: share; two unrelated maps share k/positions. Misleads: it is blind to
/// everything but the peaks, and two maps that are zero almost everywhere share the zeros that fill their tenth only by chance.
/// </remarks>
internal static class BrightestOverlap
{
    /// <summary>Below this many positions a tenth is less than one.</summary>
    public const int LeastPositions = 10;

    /// <summary>Positions that are a tenth of so many.</summary>
    public static int Tenth(int positions) => Math.Max(1, (positions + 5) / 10);

    /// <summary>The share; NaN where a map is the same everywhere, holds NaN or infinity, or has too few positions.</summary>
    public static double Of(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        if (one.Length < LeastPositions || Among(one) is not { } a || Among(other) is not { } b) return double.NaN;
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum / Tenth(a.Length);
    }

    private static double[]? Among(ReadOnlySpan<float> map)
    {
        var sorted = map.ToArray();
        Array.Sort(sorted);
        if (sorted[0] == sorted[^1] || !float.IsFinite(sorted[0]) || !float.IsFinite(sorted[^1])) return null;
        var (most, last) = (Tenth(map.Length), sorted[^Tenth(map.Length)]);
        var above = sorted.Count(value => value > last);
        var tied = (most - above) / (double)sorted.Count(value => value == last);
        return Array.ConvertAll(map.ToArray(), value => value > last ? 1 : value == last ? tied : 0);
    }
}
