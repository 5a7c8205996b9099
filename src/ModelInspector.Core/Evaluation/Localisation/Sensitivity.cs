using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ModelInspector.Evaluation.Localisation;

/// <summary>Share of the positions inside the mask that the map lights.</summary>
/// <param name="Threshold">τ: a position is lit if it has at least this fraction of the map's own maximum.</param>
/// <remarks>
/// TP / (TP + FN) over positions inside the mask. Unit: share, 1 is best. Misleads alone: a map that is lit everywhere has a
/// sensitivity of 1, and a model need not look at all of a mask to be right.
/// </remarks>
[Method("sensitivity", "Altman and Bland, BMJ 1994", Summary = "Share of positions inside the mask that reach τ of the map's maximum.")]
public sealed record Sensitivity(
    [Range(0.0, 1.0)][Description("Fraction of the map's own maximum from which a position is lit.")] double Threshold = 0.2) : IMetric<MaskedMap>
{
    /// <inheritdoc/>
    public Score Measure(MaskedMap subject, Job job) => subject.Unusable is { } reason ? Score.None(reason)
        : new((double)subject.AtLeast(Threshold * subject.Maximum).Inside / subject.Inside);
}
