namespace ModelInspector.Evaluation.Localisation;

/// <summary>Share of the map's sum inside the mask, divided by the mask's share of the positions.</summary>
/// <remarks>
/// Unit: times; 1 is a map that ignores the mask, the greatest possible value is positions / inside. Comparable across masks of different size;
/// misleads in that its mean over images is led by small masks.
/// </remarks>
[Method("energy-concentration", "Wang et al., Score-CAM, CVPR workshops 2020, divided by the mask's share", Summary = "How many times denser the map is inside the mask than on average.")]
public sealed record EnergyConcentration : IMetric<MaskedMap>
{
    /// <inheritdoc/>
    public Score Measure(MaskedMap subject, Job job) => subject.Unusable is { } reason ? Score.None(reason)
        : new(subject.SumInside / subject.Sum * subject.Positions / subject.Inside);
}
