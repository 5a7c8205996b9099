using System.Collections.Immutable;
using System.Globalization;
using ModelInspector.Evaluation;
using ModelInspector.Findings;

namespace ModelInspector.Studies;

/// <summary>The tables and sentences of the study of SAM's specificity: both sides of it, made from the numbers.</summary>
internal sealed class SamSpecificityTables(IReadOnlyList<SeedScores> architectures)
{
    private const double Threshold = 0.2;

    private static readonly ImmutableArray<(string Metric, double? Threshold, string Label)> Metrics =
        [("specificity", Threshold, "specificity"), ("sensitivity", Threshold, "sensitivity"), ("specificity-at-sensitivity", 0.5, "specificity at sensitivity 0.5"), ("auroc", null, "AUROC")];

    public IEnumerable<StudyTable> Tables() => [.. architectures.Select(ByLayer), Others()];

    public IEnumerable<string> Sentences()
    {
        foreach (var metric in Metrics) yield return Count(metric);
        foreach (var architecture in architectures) yield return Ends(architecture);
        foreach (var other in (string[])["guided-backprop", "saliency", "input-times-gradient"]) yield return Against(other);
        yield return Cam();
        yield return $"The intervals draw patients anew, not networks: they speak of these networks, and the spread of single networks stands beside them. Nothing is corrected for the {Metrics.Length * architectures.Sum(scores => scores.Layers.Count)} comparisons of layers and measures; where nothing differs, one interval in twenty lies apart from 0 by chance.";
        yield return "Read together: a map that lights little is specific for that reason alone. Sensitivity at the same threshold, specificity at equal sensitivity, and AUROC say how much of the advantage is more than that.";
    }

    private static StudyTable ByLayer(SeedScores scores) => new(
        $"SAM against Grad-CAM by layer: {scores.Name}",
        $"Means over networks and images at τ = {Threshold.ToString(CultureInfo.InvariantCulture)}. Differences are SAM minus Grad-CAM with a 95 % bootstrap interval over patients; behind the first, the lowest and highest of the networks.",
        ["layer", "specificity SAM", "Grad-CAM", "difference", "of single networks", "sensitivity SAM", "Grad-CAM", "difference", "spec. at sens. 0.5, difference", "AUROC SAM", "Grad-CAM", "difference"],
        [.. scores.Layers.Select(layer => Row(scores, layer))]);

    private static ImmutableArray<string> Row(SeedScores scores, string layer)
    {
        SeedMean[] differences = [.. Metrics.Select(metric => Difference(scores, layer, metric))];
        string Of(string method, int metric) => scores.Mean(layer, method, Metrics[metric].Metric, Metrics[metric].Threshold).Plain;
        return [layer, Of("sam", 0), Of("grad-cam", 0), differences[0].Signed, differences[0].Range, Of("sam", 1), Of("grad-cam", 1), differences[1].Signed, differences[2].Signed, Of("sam", 3), Of("grad-cam", 3), differences[3].Signed];
    }

    private StudyTable Others() => new(
        "Other methods, and controls that know nothing of the network", "Means over networks and images with 95 % intervals over patients. Signed maps count with their positive part.",
        ["architecture", "method", .. Metrics.Select(metric => metric.Label)],
        [
            .. architectures.SelectMany(scores => ((string Layer, string Method)[])
                [(scores.Layers[^1], "cam"), .. NetworkScores.AtInput.Select(method => (MapPlan.InputLayer, method)), ("", "intensity"), ("", "edges"), ("", "random")],
                (scores, one) => (ImmutableArray<string>)[scores.Name, one.Method, .. Metrics.Select(metric => scores.Mean(one.Layer, one.Method, metric.Metric, metric.Threshold)).Select(mean => mean.Value.Count == 0 ? "not defined" : mean.Value.Text())]),
        ]);

    private static SeedMean Difference(SeedScores scores, string layer, (string Metric, double? Threshold, string Label) metric) =>
        scores.Difference((layer, "sam"), (layer, "grad-cam"), metric.Metric, metric.Threshold);

    private string Count((string Metric, double? Threshold, string Label) metric)
    {
        var differences = architectures.SelectMany(scores => scores.Layers.Select(layer => Difference(scores, layer, metric))).ToList();
        var at = metric.Threshold is { } threshold && metric.Metric != "specificity-at-sensitivity" ? $" at τ = {threshold.ToString(CultureInfo.InvariantCulture)}" : "";
        return $"{Sentence(metric.Label)}{at}: SAM is higher than Grad-CAM at {differences.Count(one => one.Above)} of {differences.Count} layers (95 % interval above 0), lower at {differences.Count(one => one.Below)}, not told apart at {differences.Count(one => !one.Above && !one.Below)}; "
            + $"the mean difference over layers is {Interval.Number(differences.Average(one => one.Value.Estimate))}.";
    }

    private static string Ends(SeedScores scores)
    {
        var (first, last) = (scores.Layers.First(layer => layer.Contains("relu", StringComparison.Ordinal)), scores.Layers[^1]);
        string At(string layer, int metric) => Difference(scores, layer, Metrics[metric]).Signed;
        return $"{scores.Name}: at its first activation `{first}` SAM's specificity differs by {At(first, 0)}, its sensitivity by {At(first, 1)}, its specificity at sensitivity 0.5 by {At(first, 2)}, its AUROC by {At(first, 3)}; "
            + $"at its last layer `{last}` by {At(last, 0)}, {At(last, 1)}, {At(last, 2)} and {At(last, 3)}.";
    }

    private string Against(string other)
    {
        int Higher((string Metric, double? Threshold, string Label) metric, bool above) => architectures.Sum(scores => scores.Layers.Select(layer => scores.Difference((layer, "sam"), (MapPlan.InputLayer, other), metric.Metric, metric.Threshold))
            .Count(one => above ? one.Above : one.Below));
        var layers = architectures.Sum(scores => scores.Layers.Count);
        return $"Against {other} at the input, SAM is more specific at τ = {Threshold.ToString(CultureInfo.InvariantCulture)} at {Higher(Metrics[0], true)} of {layers} layers and less at {Higher(Metrics[0], false)}; its AUROC is higher at {Higher(Metrics[3], true)} and lower at {Higher(Metrics[3], false)}.";
    }

    private string Cam()
    {
        var differences = architectures.Where(scores => scores.Architecture != Architecture.FlattenHead)
            .Select(scores => scores.Difference((scores.Layers[^1], "sam"), (scores.Layers[^1], "cam"), "specificity", Threshold)).ToList();
        return Cam(differences.Max(one => Math.Max(Math.Abs(one.Low), Math.Abs(one.High))));
    }

    // The formulas say that nothing differs; so does the sentence, where nothing does but rounding.
    internal static string Cam(double most) =>
        $"CAM exists at the last layer of pooled heads alone; there SAM's specificity differs from it by at most {Interval.Number(most)} in any network{(most < 0.0005 ? ", as the formulas say" : ", although the formulas say that they are one")}.";

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
