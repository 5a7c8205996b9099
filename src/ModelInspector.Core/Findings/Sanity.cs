using System.Collections.Immutable;
using ModelInspector.Evaluation;

namespace ModelInspector.Findings;

/// <summary>What happens to the maps when the network's weights are replaced, from the last layer down to the first.</summary>
/// <param name="Title">Heading.</param>
/// <param name="From">How it was measured.</param>
/// <param name="Stages">Every stage of the cascade: all layers from the end down to this one (inclusive) are replaced.</param>
/// <param name="Rows">One row a stage, map and measure.</param>
/// <param name="Sentences">What the table says, one fact a sentence.</param>
public sealed record ParameterRandomisationByLayer(
    string Title,
    Provenance From,
    ImmutableArray<string> Stages,
    ImmutableArray<RandomisationRow> Rows,
    ImmutableArray<string> Sentences) : Finding(Title, From);

/// <summary>How alike a map before and after randomisation are.</summary>
/// <param name="Stage">The lowest layer whose weights are replaced.</param>
/// <param name="Replaced">Share of all weights that is replaced.</param>
/// <param name="Layer">Where the map looks; <c>input</c> for a map of the input.</param>
/// <param name="Method">Which map.</param>
/// <param name="Metric"><c>rank-correlation</c> or <c>structural-similarity</c>.</param>
/// <param name="Value">Mean over images with its bootstrap interval.</param>
public sealed record RandomisationRow(string Stage, double Replaced, string Layer, string Method, string Metric, Interval Value)
{
    /// <summary>Whether everything up to that layer is as it was trained, and only what follows is replaced.</summary>
    public bool Intact { get; init; }
}

/// <summary>How alike maps of the same images are under two conditions: two classes, two networks, two versions of the image.</summary>
/// <param name="Title">Heading.</param>
/// <param name="From">How it was measured.</param>
/// <param name="Rows">One row a layer, method and measure; the threshold is null.</param>
/// <param name="Sentences">What the table says, one fact a sentence.</param>
public sealed record MapSimilarity(string Title, Provenance From, ImmutableArray<DepthRow> Rows, ImmutableArray<string> Sentences) : Finding(Title, From);
