using System.Collections.Immutable;

namespace ModelInspector.Findings;

/// <summary>How well classes lie apart, layer by layer, in the layers' own spaces.</summary>
/// <param name="Title">Heading.</param>
/// <param name="From">How it was measured.</param>
/// <param name="Layers">Layers in execution order: the x axis.</param>
/// <param name="Rows">One row a layer and measure: <c>neighbour-accuracy</c> (with its control <c>shuffled-labels</c>), <c>silhouette</c>,
/// <c>centroid-distance</c>, <c>effective-dimension</c>. The method is <c>labels</c> or the control.</param>
/// <param name="Sentences">What the table says, one fact a sentence.</param>
public sealed record SeparabilityByDepth(
    string Title, Provenance From, ImmutableArray<string> Layers, ImmutableArray<DepthRow> Rows, ImmutableArray<string> Sentences) : Finding(Title, From);

/// <summary>A layer's units as points: one point a channel, near to those that answer to the same samples.</summary>
/// <param name="Title">Heading.</param>
/// <param name="From">How they were embedded.</param>
/// <param name="Layer">Layer name.</param>
/// <param name="Method">Embedding name.</param>
/// <param name="Response">What a unit's response to a sample is: <c>mean</c>, <c>max</c> or <c>quantile</c> over positions.</param>
/// <param name="Points">(units, dimensions).</param>
/// <param name="Classes">Class that each unit answers to most; -1 for silent units and without labels.</param>
/// <param name="Selectivity">How much more, from 0 to 1.</param>
/// <param name="Silent">Units that answer to every sample alike.</param>
/// <param name="Groups">Group of each unit by k-means on its responses; -1 without groups.</param>
/// <param name="Figures">Quality of the map and of the groups.</param>
/// <param name="Warnings">What a reader must know before trusting the picture.</param>
public sealed record UnitEmbedding(
    string Title,
    Provenance From,
    string Layer,
    string Method,
    string Response,
    ArrayFile Points,
    ImmutableArray<int> Classes,
    ImmutableArray<double> Selectivity,
    ImmutableArray<int> Silent,
    ImmutableArray<int> Groups,
    ImmutableSortedDictionary<string, double> Figures,
    ImmutableArray<string> Warnings) : Finding(Title, From)
{
    /// <summary>(units, k): samples that each unit answers to most, strongest first; null when not computed.</summary>
    public ArrayFile? TopSamples { get; init; }
}

/// <summary>Groups of samples found without labels in a layer's own space.</summary>
/// <param name="Title">Heading.</param>
/// <param name="From">How they were found.</param>
/// <param name="Layer">Layer name.</param>
/// <param name="Method">Clustering name.</param>
/// <param name="Groups">Group of each sample, the largest first; -1 for none.</param>
/// <param name="Count">Number of groups.</param>
/// <param name="Figures">Silhouette, stability over draws, agreement with the classes (adjusted Rand index).</param>
/// <param name="Warnings">What a reader must know before believing the groups.</param>
public sealed record LayerClusters(
    string Title,
    Provenance From,
    string Layer,
    string Method,
    ImmutableArray<int> Groups,
    int Count,
    ImmutableSortedDictionary<string, double> Figures,
    ImmutableArray<string> Warnings) : Finding(Title, From);

/// <summary>What an autoencoder of the images themselves has learned to keep.</summary>
/// <param name="Title">Heading.</param>
/// <param name="From">How it was trained.</param>
/// <param name="Codes">Numbers that an image is squeezed into.</param>
/// <param name="Samples">Samples drawn, from the best restored to the worst.</param>
/// <param name="Errors">Mean squared error of each, in the unit of the network's input.</param>
/// <param name="Reconstructions">PNG: the samples in one row, what is restored of them in the row below.</param>
/// <param name="Traversal">PNG: a row a code, which goes from −2 to +2 standard deviations while the others stay at their means.</param>
/// <param name="Coder">The trained coder, for <c>modelinspector embed --fitted</c>.</param>
/// <param name="Figures">Reconstruction error and how training went.</param>
/// <param name="Warnings">What a reader must know.</param>
public sealed record ImageCodes(
    string Title,
    Provenance From,
    int Codes,
    ImmutableArray<int> Samples,
    ImmutableArray<double> Errors,
    string Reconstructions,
    string Traversal,
    string Coder,
    ImmutableSortedDictionary<string, double> Figures,
    ImmutableArray<string> Warnings) : Finding(Title, From);
