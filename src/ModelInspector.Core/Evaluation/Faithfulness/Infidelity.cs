namespace ModelInspector.Evaluation.Faithfulness;

/// <summary>How badly a map predicts what replacing a region does.</summary>
/// <remarks>
/// Σ (β·predicted − observed)² / Σ observed², with predicted the map's sum over a region (of a map that is a rate per unit of the input, as gradients are: the sum of rate times change of the input, as in the source) and observed the fall
/// of the score when the region is replaced. β is the least-squares factor, because the maps of layers have no common scale. Unit: share of the mean square left unexplained; 0 is a map that
/// predicts every change, 1 one that predicts none. The source does not divide by the mean square, so that its numbers depend on the network's scale. Misleads: regions of one size ask one
/// question; a network that hardly reacts to any region leaves noise to be predicted; a map that knows only the size of a gradient cannot predict which way the score goes.
/// </remarks>
[Method("infidelity", "Yeh et al., On the (in)fidelity and sensitivity of explanations, NeurIPS 2019, definition 2.1 (square removal)", Summary = "Share of the score's changes that a map does not predict; lower is better.")]
public sealed record Infidelity : IMetric<RemovalEffects>
{
    /// <inheritdoc/>
    public Score Measure(RemovalEffects subject, Job job)
    {
        if (subject.Undefined is { } reason) return Score.None(reason);
        var (squares, whole) = (subject.Predicted.Sum(value => value * value), subject.Observed.Sum(value => value * value));
        if (whole == 0) return Score.None("replacing regions does not change the score");
        var factor = squares == 0 ? 0 : subject.Predicted.Zip(subject.Observed, (a, b) => a * b).Sum() / squares;
        return new(subject.Predicted.Zip(subject.Observed, (a, b) => (factor * a - b) * (factor * a - b)).Sum() / whole);
    }
}
