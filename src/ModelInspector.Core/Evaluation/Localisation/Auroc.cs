namespace ModelInspector.Evaluation.Localisation;

/// <summary>Chance that a position inside the mask has a higher value than one outside.</summary>
/// <remarks>
/// Area under the ROC curve over positions = Mann–Whitney U / (inside · outside); equal values count half, in whole numbers, so ties are exact.
/// Unit: share; 0.5 is chance. Misleads: where most of the image is empty, ordering the empty part well is worth as much as finding the organ,
/// and a map that is zero nearly everywhere cannot score high.
/// </remarks>
[Method("auroc", "Hanley and McNeil, Radiology 1982", Summary = "Chance that a position inside the mask outranks one outside; ties count half.")]
public sealed record Auroc : IMetric<MaskedMap>
{
    /// <inheritdoc/>
    public Score Measure(MaskedMap subject, Job job)
    {
        if (subject.Unordered is { } reason) return Score.None(reason);
        var twice = 0L;
        var (inside, outside) = (0, 0);
        foreach (var level in subject.Levels())
        {
            twice += (level.Inside - inside) * (2L * (subject.Outside - level.Outside) + level.Outside - outside);
            (inside, outside) = level;
        }
        return new(twice / (2.0 * subject.Inside * subject.Outside));
    }
}
