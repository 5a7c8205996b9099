using System.Collections.Immutable;
using ModelInspector.Findings;

namespace ModelInspector.Evaluation.Shortcuts;

/// <summary>Everything that a verdict about shortcuts rests on: counts and shares, one value a sample, in the data set's order.</summary>
/// <param name="Samples">Samples in the data set.</param>
/// <param name="Masked">Samples with a mask that says where the decision may come from.</param>
public sealed record ShortcutEvidence(int Samples, int Masked)
{
    /// <summary>The patient (or other unit) of each sample; samples of one unit are not independent. Empty: each sample is its own.</summary>
    public ImmutableArray<string> Units { get; init; } = [];

    /// <summary>What a unit is, in the plural.</summary>
    public string UnitName { get; init; } = "images";

    /// <summary>Where attribution lies.</summary>
    public ImmutableArray<OutsideEvidence> Outside { get; init; } = [];

    /// <summary>What happened when suspected regions were replaced.</summary>
    public ImmutableArray<RegionEvidence> Regions { get; init; } = [];

    /// <summary>Whether each prediction is right; null without label. Empty: nothing is labelled.</summary>
    public ImmutableArray<bool?> Correct { get; init; } = [];

    /// <summary>Metadata on which accuracy may depend. Columns with one value, with a value for every unit or with many values are left out.</summary>
    public ImmutableArray<SampleColumn> Columns { get; init; } = [];

    /// <summary>What keeps an intervention from telling anything, as a clause: "all images are of one class"; null where nothing does.</summary>
    public string? Obstacle { get; init; }

    /// <summary>Checks made before: one that failed makes the maps, and what rests on them, untrustworthy.</summary>
    public ImmutableArray<TrustCheck> Checks { get; init; } = [];
}

/// <summary>How much of each sample's attribution lies outside its mask.</summary>
/// <param name="Map">Whose: "sam at layer4".</param>
/// <param name="Share">Share of the rectified map's sum outside the mask; NaN without mask or for an empty map.</param>
/// <param name="Control">The same of a map that knows nothing: <c>1 − mask fraction</c> for an even one, or the input's brightness.</param>
/// <param name="ControlName">What the control is: "an even map".</param>
public sealed record OutsideEvidence(string Map, ImmutableArray<double> Share, ImmutableArray<double> Control, string ControlName);

/// <summary>What replacing a suspected region outside the masks does, sample by sample.</summary>
/// <param name="Where">The region: "rows 0–9, columns 110–127".</param>
/// <param name="Effect">1 if the decision flips and 0 if not; NaN for samples that were not tested.</param>
/// <param name="Controls">One or more draws: the same for an equally large random region outside the mask, one value a sample.</param>
/// <param name="ControlName">What the control is: "equally large random regions".</param>
/// <param name="Unit">What the shares are of: "share of decisions flipped".</param>
public sealed record RegionEvidence(string Where, ImmutableArray<double> Effect, ImmutableArray<ImmutableArray<double>> Controls, string ControlName, string Unit)
{
    /// <summary>The region in words: "a patch at the top left"; empty: as in <see cref="Where"/>.</summary>
    public string Place { get; init; } = "";

    /// <summary>What happened when the region was taken from other images. Null: not tried, and the replacement alone decides.</summary>
    public ExchangeEvidence? Exchange { get; init; }
}

/// <summary>
/// What putting another image's region in place of a sample's own does, sample by sample. What the region tells about the class is all that distinguishes the two kinds of donors.
/// </summary>
/// <param name="Otherwise">From an image that is decided otherwise: 1 if the decision flips and 0 if not; NaN for samples that were not tested.</param>
/// <param name="Alike">One or more draws: the same from an image of another unit that is decided alike, one value a sample.</param>
public sealed record ExchangeEvidence(ImmutableArray<double> Otherwise, ImmutableArray<ImmutableArray<double>> Alike);
