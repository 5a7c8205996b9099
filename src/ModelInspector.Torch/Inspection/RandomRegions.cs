using ModelInspector.Evaluation.Shortcuts;
using ModelInspector.Numerics;

namespace ModelInspector.Inspection;

/// <summary>Regions as large as a suspected one, elsewhere: the control of an intervention.</summary>
internal static class RandomRegions
{
    private const int Tries = 64;

    /// <summary>A region of the suspect's size that neither touches it nor covers more mask than it does; the best of 64 draws if none is free.</summary>
    /// <param name="suspect">The suspected region.</param>
    /// <param name="mask">(rows, columns), 1 inside; null without mask.</param>
    /// <param name="rows">Rows of the frame.</param>
    /// <param name="columns">Columns of the frame.</param>
    /// <param name="random">Source of the draws.</param>
    /// <param name="draw">Number of this draw: another number, another region.</param>
    public static Region Like(Region suspect, NdArray? mask, int rows, int columns, Randomness random, ulong draw)
    {
        var (best, least) = (suspect, double.MaxValue);
        for (var i = 0UL; i < Tries && least > 0; i++)
        {
            var region = new Region(
                random.Below(rows - suspect.Height + 1, (draw * Tries + i) * 2),
                random.Below(columns - suspect.Width + 1, (draw * Tries + i) * 2 + 1), suspect.Height, suspect.Width);
            var cost = Math.Max(0, Covered(mask, region) - Covered(mask, suspect)) + (region.Touches(suspect) ? 1 : 0);
            if (cost < least) (best, least) = (region, cost);
        }
        return best;
    }

    /// <summary>Share of a region inside the mask.</summary>
    public static double Covered(NdArray? mask, Region region)
    {
        if (mask is null) return 0;
        var inside = 0.0;
        for (var row = region.Top; row < region.Top + region.Height; row++)
            foreach (var value in mask.Values.AsSpan(row * mask.Shape[1] + region.Left, region.Width)) inside += value;
        return inside / region.Area;
    }
}
