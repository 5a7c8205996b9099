using System.Collections.Immutable;
using ModelInspector.Numerics;

namespace ModelInspector.Inspection;

/// <summary>Splits samples into two halves, all samples of a unit (patient) in the same one: what is found in one half can then be tested in the other.</summary>
internal static class Halves
{
    private const ulong Stream = 0x4A1F;

    /// <summary>0 or 1 for each sample.</summary>
    /// <param name="samples">Number of samples.</param>
    /// <param name="units">Unit of each sample; empty: each is its own.</param>
    /// <param name="seed">Another seed, another split.</param>
    public static ImmutableArray<int> Of(int samples, ImmutableArray<string> units, ulong seed)
    {
        var unitOf = units.IsDefaultOrEmpty ? [.. Enumerable.Range(0, samples).Select(sample => $"{sample}")] : units;
        var names = unitOf.Distinct().ToArray();
        var second = new Randomness(seed, Stream).Choose(names.Length, names.Length / 2).Select(index => names[index]).ToHashSet();
        return [.. unitOf.Select(unit => second.Contains(unit) ? 1 : 0)];
    }
}
