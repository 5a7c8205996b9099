using System.Collections.Immutable;
using System.Globalization;
using ModelInspector.Evaluation;
using ModelInspector.Evaluation.Shortcuts;
using ModelInspector.Findings;

namespace ModelInspector.Studies;

/// <summary>The tables and sentences of the study of SAM's specificity: both sides of it, made from the numbers.</summary>
internal sealed class SamSpecificityTables
{
    private const double Threshold = 0.2;
    private const double Level = 0.05;

    private static readonly ImmutableArray<(string Metric, double? Threshold, string Label)> Metrics =
        [("specificity", Threshold, "specificity"), ("sensitivity", Threshold, "sensitivity"), ("specificity-at-sensitivity", 0.5, "specificity at sensitivity 0.5"), ("auroc", null, "AUROC")];

    private readonly IReadOnlyList<SeedScores> architectures;
    private readonly Dictionary<(SeedScores Scores, string Layer, string Label), Compared> withGradCam;

    public SamSpecificityTables(IReadOnlyList<SeedScores> architectures)
    {
        this.architectures = architectures;
        var places = Places().SelectMany(at => Metrics, (at, metric) => (at.Scores, at.Layer, Metric: metric)).ToList();
        withGradCam = places.Zip(Corrected([.. places.Select(at => Difference(at.Scores, at.Layer, at.Metric))])).ToDictionary(pair => (pair.First.Scores, pair.First.Layer, pair.First.Metric.Label), pair => pair.Second);
    }

    public IEnumerable<StudyTable> Tables() => [.. ByLayers(), Others()];

    /// <summary>SAM against Grad-CAM, one table an architecture.</summary>
    internal IEnumerable<StudyTable> ByLayers() => architectures.Select(ByLayer);

    public IEnumerable<string> Sentences()
    {
        foreach (var metric in Metrics) yield return Count(metric);
        foreach (var architecture in architectures) yield return Ends(architecture);
        foreach (var other in (string[])["guided-backprop", "saliency", "input-times-gradient"]) yield return Against(other);
        yield return Cam();
        yield return $"Intervals draw networks anew, then patients, who are the same for every network. Higher and lower are said where p stays below {Text(Level)} after Holm's correction for all {withGradCam.Count} comparisons with Grad-CAM (for the others, for all comparisons with that method).";
        yield return Reach(architectures[0].Networks);
        yield return "Read together: a map that lights little is specific for that reason alone. Sensitivity at the same threshold, specificity at equal sensitivity, and AUROC say how much of the advantage is more than that.";
    }

    private StudyTable ByLayer(SeedScores scores) => new(
        $"SAM against Grad-CAM by layer: {scores.Name}",
        $"Means over networks and images at τ = {Text(Threshold)}. Differences are SAM minus Grad-CAM with a 95 % bootstrap interval over networks and patients; an asterisk where p stays below {Text(Level)} when all comparisons of all tables are corrected for (Holm); behind the first, the lowest and highest of the networks.",
        ["layer", "specificity SAM", "Grad-CAM", "difference", "of single networks", "sensitivity SAM", "Grad-CAM", "difference", "spec. at sens. 0.5, difference", "AUROC SAM", "Grad-CAM", "difference"],
        [.. scores.Layers.Select(layer => Row(scores, layer))]);

    private ImmutableArray<string> Row(SeedScores scores, string layer)
    {
        Compared[] differences = [.. Metrics.Select(metric => withGradCam[(scores, layer, metric.Label)])];
        string Of(string method, int metric) => scores.Mean(layer, method, Metrics[metric].Metric, Metrics[metric].Threshold).Plain;
        return [layer, Of("sam", 0), Of("grad-cam", 0), differences[0].Signed, differences[0].Mean.Range, Of("sam", 1), Of("grad-cam", 1), differences[1].Signed, differences[2].Signed, Of("sam", 3), Of("grad-cam", 3), differences[3].Signed];
    }

    private StudyTable Others() => new(
        "Other methods, and controls that know nothing of the network", "Means over networks and images with 95 % intervals over networks and patients. Signed maps count with their positive part.",
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
        var differences = Places().Select(place => withGradCam[(place.Scores, place.Layer, metric.Label)]).ToList();
        var at = metric.Threshold is { } threshold && metric.Metric != "specificity-at-sensitivity" ? $" at τ = {Text(threshold)}" : "";
        return $"{Sentence(metric.Label)}{at}: SAM is higher than Grad-CAM at {differences.Count(one => one.Above)} of {differences.Count} layers, lower at {differences.Count(one => one.Below)}, not told apart at {differences.Count(one => !one.Above && !one.Below)}; "
            + $"the mean difference over layers is {Interval.Number(differences.Average(one => one.Mean.Value.Estimate))}.";
    }

    private string Ends(SeedScores scores)
    {
        var (first, last) = (scores.Layers.First(layer => layer.Contains("relu", StringComparison.Ordinal)), scores.Layers[^1]);
        string At(string layer, int metric) => withGradCam[(scores, layer, Metrics[metric].Label)].Mean.Signed;
        return $"{scores.Name}: at its first activation `{first}` SAM's specificity differs by {At(first, 0)}, its sensitivity by {At(first, 1)}, its specificity at sensitivity 0.5 by {At(first, 2)}, its AUROC by {At(first, 3)}; "
            + $"at its last layer `{last}` by {At(last, 0)}, {At(last, 1)}, {At(last, 2)} and {At(last, 3)}.";
    }

    private string Against(string other)
    {
        var metrics = new[] { Metrics[0], Metrics[3] };
        var compared = Corrected([.. metrics.SelectMany(metric => Places(), (metric, at) => at.Scores.Difference((at.Layer, "sam"), (MapPlan.InputLayer, other), metric.Metric, metric.Threshold))]);
        var (specificity, auroc) = (compared[..(compared.Length / 2)], compared[(compared.Length / 2)..]);
        return $"Against {other} at the input, SAM is more specific at τ = {Text(Threshold)} at {specificity.Count(one => one.Above)} of {specificity.Length} layers and less at {specificity.Count(one => one.Below)}; its AUROC is higher at {auroc.Count(one => one.Above)} and lower at {auroc.Count(one => one.Below)}.";
    }

    private string Cam()
    {
        var differences = architectures.Where(scores => scores.Architecture != Architecture.FlattenHead)
            .Select(scores => scores.Difference((scores.Layers[^1], "sam"), (scores.Layers[^1], "cam"), "specificity", Threshold)).ToList();
        return Cam(differences.Max(one => Math.Max(Math.Abs(one.Low), Math.Abs(one.High))));
    }

    // A draw of networks holds none that was not trained.
    internal static string Reach(int networks) => networks == 1
        ? "Of each architecture there is one network: intervals and p speak of further patients, not of further networks."
        : string.Create(CultureInfo.InvariantCulture, $"What holds for further networks is told from {networks} of each architecture. The bootstrap finds {networks - 1} of {networks} parts of the variance between them, so that intervals are {(networks < 6 ? "too" : "a little too")} narrow; and where all {networks} lie on one side, no draw lies on the other, so that p is decided by patients alone (a sign test over {networks} networks never falls below {Math.Pow(2, 1 - networks):0.####}). The spread of single networks stands beside the first difference.");

    // The formulas say that nothing differs; so does the sentence, where nothing does but rounding.
    internal static string Cam(double most) =>
        $"CAM exists at the last layer of pooled heads alone; there SAM's specificity differs from it by at most {Interval.Number(most)} in any network{(most < 0.0005 ? ", as the formulas say" : ", although the formulas say that they are one")}.";

    private IEnumerable<(SeedScores Scores, string Layer)> Places() => architectures.SelectMany(scores => scores.Layers, (scores, layer) => (scores, layer));

    private static Compared[] Corrected(IReadOnlyList<SeedMean> means) => [.. means.Zip(Holm.Correct([.. means.Select(mean => mean.P)]), (mean, p) => new Compared(mean, p))];

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A difference among others.</summary>
    /// <param name="Mean">The difference.</param>
    /// <param name="P">Its p-value, corrected for all of them.</param>
    private sealed record Compared(SeedMean Mean, double P)
    {
        public bool Above => P < Level && Mean.Value.Estimate > 0;

        public bool Below => P < Level && Mean.Value.Estimate < 0;

        public string Signed => Mean.Signed + (P < Level ? " *" : "");
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
