using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Complexity;

/// <summary>How unevenly a map spreads over the positions.</summary>
/// <remarks>
/// Gini index of the absolute values v, ascending, of n positions: 1 − 2 Σ_k v_k/‖v‖₁ · (n − k + ½)/n. Unit: share; 0 for an even map, 1 − 1/n for a single lit
/// position. Misleads: says nothing of where the map is lit, and noise can be as sparse as insight.
/// </remarks>
[Method("gini-sparseness", "Chalasani et al., Concise explanations of neural networks, ICML 2020; Hurley and Rickard 2009, table I", Summary = "Gini index of a map's absolute values: 0 even, near 1 a single position.")]
public sealed record GiniSparseness : IMetric<NdArray>
{
    /// <inheritdoc/>
    public Score Measure(NdArray subject, Job job)
    {
        if (MapShares.Undefined(subject) is { } reason) return Score.None(reason);
        var shares = MapShares.Of(subject);
        Array.Sort(shares);
        var sum = 0.0;
        for (var k = 0; k < shares.Length; k++) sum += shares[k] * (shares.Length - k - 0.5) / shares.Length;
        return new(1 - 2 * sum);
    }
}
