namespace ModelInspector.Evaluation.Faithfulness;

/// <summary>How much of the answer is lost when only what the map lights is left of the image.</summary>
/// <remarks>
/// max(0, p − p') / p, with p' the probability of the class after each position was blended with its replacement by the map. Unit: share; lower is better, 0 loses nothing.
/// The source multiplies the image by the map, which is the same where the replacement is zero. Misleads: a map that is lit everywhere loses nothing.
/// </remarks>
[Method("average-drop", "Chattopadhay et al., Grad-CAM++, WACV 2018, section 4.1", Summary = "Share of the class probability lost when only what the map lights is left; lower is better.")]
public sealed record AverageDrop : IMetric<RemovalCurves>
{
    /// <inheritdoc/>
    public Score Measure(RemovalCurves subject, Job job) =>
        subject.Undefined is { } reason ? Score.None(reason)
        : subject.Whole <= 0 ? Score.None("the class has no probability to lose")
        : new(Math.Max(0, subject.Whole - subject.Weighted) / subject.Whole);
}
