using ModelInspector.Evaluation.Sanity;

namespace ModelInspector.Evaluation.Stability;

/// <summary>Whether a map comes out the same again.</summary>
/// <remarks>
/// Mean rank correlation between the map and its other versions: of the shifted image, moved back; or of networks trained from other seeds. Unit: none; 1 is the
/// same order of positions, 0 unrelated. Misleads: what all images share (a dark background) makes any two maps correlate.
/// </remarks>
[Method("repeatability", "Arun et al., Assessing the trustworthiness of saliency maps, Radiology: Artificial Intelligence 2021 (use, with SSIM)", Summary = "Mean rank correlation of a map with other versions of itself.")]
public sealed record Repeatability : IMetric<MapVersions>
{
    /// <inheritdoc/>
    public Score Measure(MapVersions subject, Job job)
    {
        if (subject.Undefined is { } reason) return Score.None(reason);
        var scores = subject.Others.Select(other => new RankCorrelation().Measure(new(subject.Map, other), job)).ToList();
        return scores.Find(score => !score.IsDefined) is { Undefined: { } why } ? Score.None(why) : new(scores.Average(score => score.Value));
    }
}
