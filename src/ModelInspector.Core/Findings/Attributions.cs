using System.Collections.Immutable;
using ModelInspector.Evaluation;

namespace ModelInspector.Findings;

/// <summary>How specific the maps are, layer by layer: the table behind the by-depth charts.</summary>
/// <param name="Title">Heading.</param>
/// <param name="From">How it was measured.</param>
/// <param name="Layers">Layers in execution order: the x axis.</param>
/// <param name="Rows">One row a layer, method and metric. Controls carry an empty layer name, but for <c>random-smooth</c>: noise at each layer's resolution.</param>
/// <param name="Sentences">What the table says, one fact a sentence, with both sides (specificity and sensitivity).</param>
public sealed record SpecificityByDepth(
    string Title,
    Provenance From,
    ImmutableArray<string> Layers,
    ImmutableArray<DepthRow> Rows,
    ImmutableArray<string> Sentences) : Finding(Title, From);

/// <summary>One number of the by-depth table.</summary>
/// <param name="Layer">Layer name; empty for a control that does not depend on a layer.</param>
/// <param name="Method">Method or control: <c>sam</c>, <c>grad-cam</c>, <c>random</c>, <c>random-smooth</c>, <c>intensity</c>, <c>edges</c>.</param>
/// <param name="Metric">Catalog name of the metric: <c>specificity</c>, <c>sensitivity</c>, <c>auroc</c>, <c>energy-inside</c> …</param>
/// <param name="Threshold">τ, as a fraction of the map's own maximum; for <c>specificity-at-sensitivity</c> the sensitivity that is held; null for metrics without either.</param>
/// <param name="Value">Mean over images with its bootstrap interval.</param>
/// <param name="Control">Whether the row is a control.</param>
public sealed record DepthRow(string Layer, string Method, string Metric, double? Threshold, Interval Value, bool Control);

/// <summary>Attribution maps of one method at one layer for the example samples; raw, signed, in units of the score.</summary>
/// <param name="Title">Heading.</param>
/// <param name="From">How they were computed, the variant included.</param>
/// <param name="Layer">Layer name.</param>
/// <param name="Method">Method name.</param>
/// <param name="Target">What was explained: "predicted class, score before softmax".</param>
/// <param name="Samples">Index of each map's sample.</param>
/// <param name="Maps">(n, H, W) or (n, D, H, W) at the layer's own resolution.</param>
public sealed record LayerMaps(
    string Title,
    Provenance From,
    string Layer,
    string Method,
    string Target,
    ImmutableArray<int> Samples,
    ArrayFile Maps) : Finding(Title, From);

/// <summary>Where the samples lie for one layer: one point a sample.</summary>
/// <param name="Title">Heading.</param>
/// <param name="From">How they were embedded.</param>
/// <param name="Layer">Layer name.</param>
/// <param name="Method">Embedding name: <c>pca</c>, <c>t-sne</c>, <c>autoencoder</c>.</param>
/// <param name="Points">(samples, dimensions).</param>
/// <param name="Figures">Quality and the method's own figures: "trustworthiness (k = 10)" 0.97.</param>
/// <param name="Warnings">What a reader must know before trusting the picture.</param>
public sealed record LayerEmbedding(
    string Title,
    Provenance From,
    string Layer,
    string Method,
    ArrayFile Points,
    ImmutableSortedDictionary<string, double> Figures,
    ImmutableArray<string> Warnings) : Finding(Title, From)
{
    /// <summary>(samples, k): index of each sample's nearest samples in the layer's own space, nearest first; null when not computed.</summary>
    public ArrayFile? Neighbors { get; init; }

    /// <summary>Co-ranking curve: neighbours kept by neighbourhood size, 0 for a random map and 1 for a perfect one.</summary>
    public ImmutableArray<CurvePoint> Curve { get; init; } = [];
}
