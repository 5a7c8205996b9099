using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace ModelInspector.Evaluation.Localisation;

/// <summary>Specificity when just enough of the mask is lit.</summary>
/// <param name="Sensitivity">Share of the mask that must be lit.</param>
/// <remarks>
/// The threshold is lowered through the map's own values until at least this share of the inside is lit; the specificity there. Nothing is interpolated:
/// positions of equal value are lit together. Unit: share, 1 is best. Does not reward sparse maps as specificity at a fixed τ does.
/// Misleads where many positions share a value: the threshold jumps, and more of the mask is lit than was asked for.
/// </remarks>
[Method("specificity-at-sensitivity", "Swets, Science 1988 (operating points of a ROC curve)", Summary = "Specificity at the threshold where a given share of the mask is lit.")]
public sealed record SpecificityAtSensitivity(
    [Range(0.0, 1.0)][Description("Share of the mask that must be lit.")] double Sensitivity = 0.5) : IMetric<MaskedMap>
{
    // A share like 0.1 of 30 positions must not miss 3 by rounding.
    private const double Rounding = 1 - 1e-12;

    /// <inheritdoc/>
    public Score Measure(MaskedMap subject, Job job)
    {
        if (subject.Unordered is { } reason) return Score.None(reason);
        var needed = Sensitivity * subject.Inside * Rounding;
        var lit = 0;
        foreach (var level in subject.Levels())
        {
            lit = level.Outside;
            if (level.Inside >= needed) break;
        }
        return new(1 - (double)lit / subject.Outside);
    }
}
