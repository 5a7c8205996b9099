namespace ModelInspector.Evaluation.Faithfulness;

/// <summary>How fast the answer comes when the map's highest positions are put back first.</summary>
/// <remarks>
/// Area under the probability of the class over the share of positions kept. Unit: probability; higher is better. Misleads: as <see cref="Deletion"/>; a smooth
/// map keeps connected regions, which look more like an image than scattered pixels do.
/// </remarks>
[Method("insertion", "Petsiuk, Das and Saenko, RISE, BMVC 2018", Summary = "Area under the class probability while the highest positions are put back first; higher is better.")]
public sealed record Insertion : IMetric<RemovalCurves>
{
    /// <inheritdoc/>
    public Score Measure(RemovalCurves subject, Job job) => subject.Undefined is { } reason ? Score.None(reason) : new(subject.Area(subject.Kept));
}
