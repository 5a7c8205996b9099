using ModelInspector.Findings;

namespace ModelInspector.Evaluation.Localisation;

/// <summary>One metric of one method at one layer: a value an image, NaN where there is none.</summary>
/// <param name="Layer">Layer; empty for a control that does not depend on one.</param>
/// <param name="Method">Method or control.</param>
/// <param name="Metric">Catalog name.</param>
/// <param name="Threshold">As in <see cref="DepthRow"/>.</param>
/// <param name="Control">Whether it is a control.</param>
/// <param name="Values">One an image.</param>
/// <param name="Looked">Which images were looked at; null: those with a value.</param>
internal sealed record MeasuredScores(string Layer, string Method, string Metric, double? Threshold, bool Control, double[] Values, bool[]? Looked)
{
    /// <summary>Whether an image was looked at, with or without a score.</summary>
    public bool Seen(int image) => Looked?[image] ?? !double.IsNaN(Values[image]);

    /// <summary>The mean with its interval; null if no image has a value.</summary>
    public DepthRow? Row(BootstrapDraws draws) =>
        draws.Mean(Values) is { Count: > 0 } value ? new(Layer, Method, Metric, Threshold, value, Control) : null;
}
