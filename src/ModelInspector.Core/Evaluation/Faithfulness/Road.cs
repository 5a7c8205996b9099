namespace ModelInspector.Evaluation.Faithfulness;

/// <summary>Remove and debias: whether taking the lowest positions away harms less than taking away the highest.</summary>
/// <remarks>
/// Mean over the inner shares s of p(the lowest s replaced) − p(the highest s replaced), to be measured with noisy linear imputation, which leaves no sharp hole that gives the removed shape
/// away. Unit: probability, −1 to 1; 0 is a map of noise, higher is better. The lowest s replaced is the highest 1 − s kept, so that it needs no runs of its own.
/// Misleads: where a class needs one small spot, any order but the first few per cent scores alike.
/// </remarks>
[Method("road", "Rong et al., A consistent and efficient evaluation strategy for attribution methods, ICML 2022", Summary = "Probability left when the lowest positions are replaced minus when the highest are; higher is better.")]
public sealed record Road : IMetric<RemovalCurves>
{
    /// <inheritdoc/>
    public Score Measure(RemovalCurves subject, Job job)
    {
        if (subject.Undefined is { } reason) return Score.None(reason);
        var last = subject.Shares.Length - 1;
        if (last < 2) return Score.None("there is no share between nothing and everything");
        return new(Enumerable.Range(1, last - 1).Average(i => At(subject, 1 - subject.Shares[i]) - subject.Removed[i]));
    }

    // The kept curve at any share, linear between its points.
    private static double At(RemovalCurves curves, double share)
    {
        var above = Math.Max(1, curves.Shares.Index().First(point => point.Item >= share - 1e-12).Index);
        var (from, to) = (curves.Shares[above - 1], curves.Shares[above]);
        return curves.Kept[above - 1] + (share - from) / (to - from) * (curves.Kept[above] - curves.Kept[above - 1]);
    }
}
