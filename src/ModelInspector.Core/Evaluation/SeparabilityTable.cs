using System.Collections.Immutable;
using System.Globalization;
using ModelInspector.Findings;

namespace ModelInspector.Evaluation;

/// <summary>Separability of every layer as a table and as sentences.</summary>
/// <param name="Layers">Layers in execution order, each measured.</param>
/// <param name="Classes">Class names.</param>
public sealed record SeparabilityTable(ImmutableArray<(string Layer, LayerSeparability Measured)> Layers, ImmutableArray<string> Classes)
{
    private const string Labels = "labels", Shuffled = "shuffled-labels";

    /// <summary>The finding.</summary>
    /// <param name="title">Heading.</param>
    /// <param name="from">How it was measured.</param>
    /// <param name="what">What the classes are: "labels", or "predictions" where nobody gave labels.</param>
    public SeparabilityByDepth Finding(string title, Provenance from, string what) => new(
        title, from, [.. Layers.Select(layer => layer.Layer)], [.. Layers.SelectMany(layer => Rows(layer.Layer, layer.Measured))], [.. Sentences(what)]);

    private static IEnumerable<DepthRow> Rows(string layer, LayerSeparability measured)
    {
        // No interval is made of these: resampling repeats samples, which pulls both figures to one side.
        Interval Alone(double value) => new(value, double.NaN, double.NaN, measured.Rows);
        yield return new(layer, Labels, "neighbour-accuracy", null, measured.Accuracy, false);
        yield return new(layer, Shuffled, "neighbour-accuracy", null, measured.Chance, true);
        yield return new(layer, Labels, "silhouette", null, measured.Silhouette, false);
        yield return new(layer, Labels, "centroid-distance", null, Alone(measured.CentroidDistance), false);
        yield return new(layer, Labels, "effective-dimension", null, Alone(measured.EffectiveDimension), false);
    }

    private IEnumerable<string> Sentences(string what)
    {
        var (first, last, best) = (Layers[0], Layers[^1], Layers.MaxBy(layer => layer.Measured.Accuracy.Estimate));
        yield return Layers.Length == 1
            ? $"At `{last.Layer}` the nearest samples give away the right {One(what)} of {Share(last.Measured.Accuracy)} of the samples; with shuffled labels {Share(last.Measured.Chance)}."
            : $"The nearest samples give away the right {One(what)} of {Share(first.Measured.Accuracy)} of the samples at `{first.Layer}` and of {Share(last.Measured.Accuracy)} at `{last.Layer}`; with shuffled labels {Share(last.Measured.Chance)}.";
        if (Layers.Length > 1 && Known(best) is { } known) yield return known;
        if (Layers.Length > 1) yield return Invariant($"The silhouette (1: classes far apart, 0: one heap) goes from {first.Measured.Silhouette.Estimate:0.00;−0.00;0.00} to {last.Measured.Silhouette.Estimate:0.00;−0.00;0.00}; the samples spread in effectively {first.Measured.EffectiveDimension:0.0} directions at first and {last.Measured.EffectiveDimension:0.0} at last.");
        yield return $"The two classes nearest to each other at `{last.Layer}` are {Name(last.Measured.Nearest.One)} and {Name(last.Measured.Nearest.Other)}.";
    }

    // The layer from which on, for good, at least nine tenths of the way from chance to the best is gone.
    private string? Known((string Layer, LayerSeparability Measured) best)
    {
        var chance = Layers.Average(layer => layer.Measured.Chance.Estimate);
        var wanted = chance + 0.9 * (best.Measured.Accuracy.Estimate - chance);
        var from = Layers.Length;
        while (from > 0 && Layers[from - 1].Measured.Accuracy.Estimate >= wanted) from--;
        return best.Measured.Accuracy.Low <= best.Measured.Chance.High ? "No layer tells the classes better than chance."
            : from == Layers.Length ? $"They are told best at `{best.Layer}` and less well after it." : $"From `{Layers[from].Layer}` on, the layers tell classes at least nine tenths as far above chance as the best one does.";
    }

    private static string One(string what) => what.TrimEnd('s');

    private static string Share(Interval interval) => Invariant($"{interval.Estimate:P0} [{interval.Low:P0}, {interval.High:P0}]");

    private string Name(int label) => label < Classes.Length ? Classes[label] : Invariant($"class {label}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
