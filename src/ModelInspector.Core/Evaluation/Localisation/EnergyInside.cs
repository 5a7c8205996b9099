namespace ModelInspector.Evaluation.Localisation;

/// <summary>Share of the map's sum that lies inside the mask.</summary>
/// <remarks>Needs no threshold. Unit: share, 1 is best. Misleads across masks: a map lit evenly everywhere scores the mask's share of the image; divide by that, see <see cref="EnergyConcentration"/>.</remarks>
[Method("energy-inside", "Wang et al., Score-CAM, CVPR workshops 2020 (energy-based pointing game)", Summary = "Share of the map's sum that lies inside the mask.")]
public sealed record EnergyInside : IMetric<MaskedMap>
{
    /// <inheritdoc/>
    public Score Measure(MaskedMap subject, Job job) => subject.Unusable is { } reason ? Score.None(reason) : new(subject.SumInside / subject.Sum);
}
