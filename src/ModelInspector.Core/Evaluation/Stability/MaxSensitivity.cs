namespace ModelInspector.Evaluation.Stability;

/// <summary>The largest change of a map when the input changes a little.</summary>
/// <remarks>
/// max over versions of ‖map' − map‖₂ / ‖map‖₂. Unit: relative; 0 is a map that never changes, 1 a change as large as the map. The maximum over a few draws
/// is a lower bound of the true one. Misleads: a map that ignores the image is perfectly stable, and a network that is unstable deserves unstable maps.
/// </remarks>
[Method("max-sensitivity", "Yeh et al., On the (in)fidelity and sensitivity of explanations, NeurIPS 2019, definition 2.2", Summary = "Largest relative change of a map under small noise.")]
public sealed record MaxSensitivity : IMetric<MapVersions>
{
    /// <inheritdoc/>
    public Score Measure(MapVersions subject, Job job)
    {
        if (subject.Undefined is { } reason) return Score.None(reason);
        var length = Math.Sqrt(subject.Map.Values.Sum(value => (double)value * value));
        return new(subject.Others.Max(other => Math.Sqrt(other.Values.Zip(subject.Map.Values, (a, b) => ((double)a - b) * ((double)a - b)).Sum())) / length);
    }
}
