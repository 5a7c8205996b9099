using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Complexity;

/// <summary>Share of the positions that a map effectively uses.</summary>
/// <remarks>
/// exp(H)/n with the entropy H = −Σ q ln q of the absolute values' shares q over n positions. Unit: share; 1 for an even map, 1/n for a single lit position; k equally lit
/// positions have k/n. H itself is the "complexity" of the source. Misleads: says nothing of where the map is lit.
/// </remarks>
[Method("effective-share", "Bhatt, Weller and Moura, Evaluating and aggregating feature-based model explanations, IJCAI 2020 (entropy)", Summary = "Share of positions that a map effectively uses, from its entropy.")]
public sealed record EffectiveShare : IMetric<NdArray>
{
    /// <inheritdoc/>
    public Score Measure(NdArray subject, Job job)
    {
        if (MapShares.Undefined(subject) is { } reason) return Score.None(reason);
        var entropy = MapShares.Of(subject).Where(share => share > 0).Sum(share => -share * Math.Log(share));
        return new(Math.Exp(entropy) / subject.Values.Length);
    }
}
