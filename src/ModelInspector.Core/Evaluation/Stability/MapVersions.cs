using System.Collections.Immutable;
using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Stability;

/// <summary>A map and the maps of the same image under conditions that should not matter: a little noise, a shift, another training.</summary>
/// <param name="Map">The map.</param>
/// <param name="Others">The others, over the same positions.</param>
public sealed record MapVersions(NdArray Map, ImmutableArray<NdArray> Others)
{
    /// <summary>Why nothing can be said; null if it can.</summary>
    public string? Undefined =>
        Others.IsEmpty ? "there is no other version of the map"
        : Others.Prepend(Map).Any(map => Array.Exists(map.Values, value => !float.IsFinite(value))) ? "a map holds NaN or infinity"
        : Map.Values.AsSpan().IndexOfAnyExcept(0f) < 0 ? "the map is zero everywhere"
        : null;
}
