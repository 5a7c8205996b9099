using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ModelInspector.Evaluation.Localisation;

/// <summary>Share of the positions outside the mask that the map leaves dark.</summary>
/// <param name="Threshold">τ: a position is lit if it has at least this fraction of the map's own maximum.</param>
/// <remarks>
/// TN / (TN + FP) over positions outside the mask. Unit: share, 1 is best. Misleads alone: a map that is lit at one pixel has a
/// specificity near 1 wherever the pixel is, so read it with the sensitivity at the same τ.
/// </remarks>
[Method("specificity", "Philbrick et al., AJR 2018 (use); Altman and Bland, BMJ 1994 (definition)", Summary = "Share of positions outside the mask that stay below τ of the map's maximum.")]
public sealed record Specificity(
    [Range(0.0, 1.0)][Description("Fraction of the map's own maximum from which a position is lit.")] double Threshold = 0.2) : IMetric<MaskedMap>
{
    /// <inheritdoc/>
    public Score Measure(MaskedMap subject, Job job) => subject.Unusable is { } reason ? Score.None(reason)
        : new(1 - (double)subject.AtLeast(Threshold * subject.Maximum).Outside / subject.Outside);
}
