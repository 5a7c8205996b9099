namespace ModelInspector.Evaluation.Localisation;

/// <summary>Whether the map's highest position lies inside the mask.</summary>
/// <remarks>
/// 1 or 0 for an image; where several positions share the maximum, the share of them inside. Without the tolerance of some pixels that the source
/// allows. The mean over images is a hit rate.
/// Misleads: it looks at one position and ignores the rest of the map, so a map that is high everywhere can score 1.
/// </remarks>
[Method("pointing-game", "Zhang et al., Top-down neural attention by excitation backprop, ECCV 2016", Summary = "Whether the highest position lies inside the mask.")]
public sealed record PointingGame : IMetric<MaskedMap>
{
    /// <inheritdoc/>
    public Score Measure(MaskedMap subject, Job job)
    {
        if (subject.Unordered is { } reason) return Score.None(reason);
        var (inside, outside) = subject.AtLeast(subject.Maximum);
        return new((double)inside / (inside + outside));
    }
}
