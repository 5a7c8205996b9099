namespace ModelInspector.Models.Costs;

/// <summary>How one axis of the input runs on through a result: as a fold of one of its axes, as a band along it, or both.</summary>
/// <param name="Folded">Each position exactly, repeated and begun anew.</param>
/// <param name="Band">A bound that goes up evenly.</param>
/// <param name="IsFiner">Whether the band goes up more slowly than before.</param>
internal sealed record Trail(AxisSight? Folded, AxisSight? Band, bool IsFiner)
{
    /// <summary>The trail that the positions along a result's axes show; null if they show none.</summary>
    /// <param name="lines">The positions along each axis.</param>
    /// <param name="stride">Distance of positions before the step.</param>
    /// <param name="extent">Distance from the first position to behind the last, before the step.</param>
    /// <param name="size">Input positions that each saw.</param>
    /// <param name="around">Further neighbours on each side.</param>
    public static Trail? Of(IEnumerable<Extremes> lines, double stride, double extent, double size, double around)
    {
        AxisSight? folded = null, band = null;
        foreach (var line in lines)
        {
            if (around == 0 && line.Fold() is { } fold) folded = new(line.At, new(size, fold.Step, fold.Begin), fold.Block, IsOnce(fold, line) ? 0 : fold.Count);
            if (line.Band(extent / line.Low.Length) is { } found && (band is null || found.Width + size < band.Field.Size - (2 * around * stride)))
                band = new(line.At, new(size + found.Width + (2 * around * stride), found.Slope, found.Begin - (around * stride)));
        }
        return folded is null && band is null ? null : new(folded, band, band?.Field.Stride < stride);
    }

    private static bool IsOnce((double Begin, double Step, long Block, long Count) fold, Extremes line) => fold.Block * fold.Count >= line.Low.Length;

    /// <summary>
    /// The reading to go on with. Repeated positions are an enlargement when alone, and merged axes when another one has gone into the
    /// same; a band that is finer while another axis was lost is what is left of merged axes.
    /// </summary>
    public AxisSight? Settled(bool isShared, bool isAnyLost)
    {
        if (Folded is { } fold && (isShared || fold.Count > 0 || fold.Block == 1)) return fold;
        return IsFiner && isAnyLost ? null : Band;
    }
}
