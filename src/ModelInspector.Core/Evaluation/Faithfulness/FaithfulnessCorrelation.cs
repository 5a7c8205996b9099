namespace ModelInspector.Evaluation.Faithfulness;

/// <summary>Whether a map's sum over a region goes with what replacing the region does.</summary>
/// <remarks>Pearson's correlation of predicted and observed changes over regions. Unit: none; 1 is best, 0 unrelated. Misleads: as <see cref="Infidelity"/>, and with few regions it is noisy.</remarks>
[Method("faithfulness-correlation", "Bhatt, Weller and Moura, IJCAI 2020, definition 3", Summary = "Correlation between a map's sum over regions and the score's fall when they are replaced.")]
public sealed record FaithfulnessCorrelation : IMetric<RemovalEffects>
{
    /// <inheritdoc/>
    public Score Measure(RemovalEffects subject, Job job)
    {
        if (subject.Undefined is { } reason) return Score.None(reason);
        var (a, b) = (subject.Predicted.Average(), subject.Observed.Average());
        var (aa, bb) = (subject.Predicted.Sum(x => (x - a) * (x - a)), subject.Observed.Sum(y => (y - b) * (y - b)));
        return aa == 0 || bb == 0 ? Score.None("nothing differs between regions")
            : new(subject.Predicted.Zip(subject.Observed, (x, y) => (x - a) * (y - b)).Sum() / Math.Sqrt(aa * bb));
    }
}
