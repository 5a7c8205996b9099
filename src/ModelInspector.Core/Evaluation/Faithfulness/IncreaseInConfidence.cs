namespace ModelInspector.Evaluation.Faithfulness;

/// <summary>Whether the answer becomes surer when only what the map lights is left of the image.</summary>
/// <remarks>
/// 1 if p' &gt; p, else 0, with p' as in <see cref="AverageDrop"/>; the mean over images is a rate. Unit: share; higher is better. Misleads: a network that is sure
/// already cannot become surer.
/// </remarks>
[Method("increase-in-confidence", "Chattopadhay et al., Grad-CAM++, WACV 2018, section 4.1", Summary = "Whether the class probability rises when only what the map lights is left.")]
public sealed record IncreaseInConfidence : IMetric<RemovalCurves>
{
    /// <inheritdoc/>
    public Score Measure(RemovalCurves subject, Job job) => subject.Undefined is { } reason ? Score.None(reason) : new(subject.Weighted > subject.Whole ? 1 : 0);
}
