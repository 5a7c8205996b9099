using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>
/// How far attributions are from adding up: methods that are complete share out the difference between the score at the input
/// and at the baseline, but for the error of their quadrature.
/// </summary>
/// <param name="Error">Sum of the attributions minus the difference of the scores: (samples).</param>
/// <param name="Difference">Score at the input minus score at the baseline: (samples).</param>
/// <param name="Relative">The largest |error| of any sample, relative to its difference, or to one hundredth of the attributions' sizes where the difference is smaller than that.</param>
public sealed record Completeness(Tensor Error, Tensor Difference, double Relative)
{
    /// <summary>Adds up.</summary>
    /// <param name="attribution">(samples, …).</param>
    /// <param name="atInput">Scores at the input: (samples).</param>
    /// <param name="atBaseline">Scores at the baseline: (samples).</param>
    public static Completeness Of(Tensor attribution, Tensor atInput, Tensor atBaseline)
    {
        using var scope = NewDisposeScope();
        var each = attribution.detach().reshape(attribution.shape[0], -1).to(ScalarType.Float64);
        var difference = (atInput - atBaseline).to(ScalarType.Float64);
        var error = each.sum(1) - difference;
        var scale = maximum(difference.abs(), each.abs().sum(1) * 0.01).clamp(min: 1e-12);
        var relative = (error.abs() / scale).max().item<double>();
        return new(error.MoveToOuterDisposeScope(), difference.MoveToOuterDisposeScope(), relative);
    }

    /// <summary>"completeness error 1.6 %".</summary>
    public override string ToString() => $"completeness error {100 * Relative:G3} %";
}
