using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Complexity;

/// <summary>A map's absolute values as shares of their sum.</summary>
internal static class MapShares
{
    public static string? Undefined(NdArray map) =>
        Array.Exists(map.Values, value => !float.IsFinite(value)) ? "the map holds NaN or infinity"
        : map.Values.AsSpan().IndexOfAnyExcept(0f) < 0 ? "the map is zero everywhere"
        : null;

    public static double[] Of(NdArray map)
    {
        var sum = map.Values.Sum(value => Math.Abs((double)value));
        return Array.ConvertAll(map.Values, value => Math.Abs(value) / sum);
    }
}
