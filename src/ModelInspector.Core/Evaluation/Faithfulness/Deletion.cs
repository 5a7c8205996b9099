namespace ModelInspector.Evaluation.Faithfulness;

/// <summary>How fast the answer goes when the map's highest positions are taken away first.</summary>
/// <remarks>
/// Area under the probability of the class over the share of positions replaced. Unit: probability; lower is better, 0 is a class that is gone at once.
/// Misleads: a changed image is no image of the data; what is put in may itself be an answer, and a network that is unsure from the start scores low.
/// </remarks>
[Method("deletion", "Petsiuk, Das and Saenko, RISE, BMVC 2018", Summary = "Area under the class probability while the highest positions are replaced first; lower is better.")]
public sealed record Deletion : IMetric<RemovalCurves>
{
    /// <inheritdoc/>
    public Score Measure(RemovalCurves subject, Job job) => subject.Undefined is { } reason ? Score.None(reason) : new(subject.Area(subject.Removed));
}
