namespace ModelInspector.Evaluation.Localisation;

/// <summary>Mean precision over the mask's positions as the threshold falls.</summary>
/// <remarks>
/// Σ (recall step) · (precision there) over the map's different values; positions of equal value enter together, nothing is interpolated.
/// Unit: share; misleads across masks: a map without any knowledge scores the mask's share of the image.
/// </remarks>
[Method("average-precision", "Salton and McGill, Introduction to Modern Information Retrieval, 1983; Davis and Goadrich, ICML 2006 (why steps are not interpolated)", Summary = "Area under the precision–recall steps over positions.")]
public sealed record AveragePrecision : IMetric<MaskedMap>
{
    /// <inheritdoc/>
    public Score Measure(MaskedMap subject, Job job)
    {
        if (subject.Unordered is { } reason) return Score.None(reason);
        var (sum, inside) = (0.0, 0);
        foreach (var level in subject.Levels())
        {
            sum += (level.Inside - inside) * ((double)level.Inside / (level.Inside + level.Outside));
            inside = level.Inside;
        }
        return new(sum / subject.Inside);
    }
}
