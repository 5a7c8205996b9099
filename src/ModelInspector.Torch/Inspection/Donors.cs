using System.Collections.Immutable;
using ModelInspector.Numerics;

namespace ModelInspector.Inspection;

/// <summary>Whose region a sample is given: an image of another unit (patient), with a mask, that is decided otherwise or alike. Drawn by the seed.</summary>
/// <param name="Decided">The class decided for in each sample.</param>
/// <param name="Units">Unit of each sample; empty: each is its own.</param>
/// <param name="Usable">Samples that may give.</param>
/// <param name="Seed">Another seed, other donors.</param>
internal sealed record Donors(ImmutableArray<int> Decided, ImmutableArray<string> Units, ImmutableArray<int> Usable, ulong Seed)
{
    private const ulong Stream = 0xD0404;

    /// <summary>An image decided otherwise, or null if there is none.</summary>
    public int? Otherwise(int sample) => Drawn(sample, 0, donor => Decided[donor] != Decided[sample]);

    /// <summary>An image decided alike, or null if there is none; another draw may be another image.</summary>
    public int? Alike(int sample, int draw) => Drawn(sample, draw + 1, donor => Decided[donor] == Decided[sample]);

    private int? Drawn(int sample, int draw, Func<int, bool> decided)
    {
        int[] fit = [.. Usable.Where(donor => decided(donor) && Foreign(sample, donor))];
        return fit.Length == 0 ? null : fit[new Randomness(Seed, Stream + (ulong)draw).Below(fit.Length, (ulong)sample)];
    }

    private bool Foreign(int sample, int donor) => Units.IsDefaultOrEmpty ? sample != donor : Units[sample] != Units[donor];
}
