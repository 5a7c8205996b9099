using System.Collections.Immutable;

namespace ModelInspector.Findings;

/// <summary>What the units (channels) of one layer answer to: a few numbers of each, and cards with the samples that drive some of them most.</summary>
/// <param name="Title">Heading.</param>
/// <param name="From">How they were probed: samples, positions, the error of the threshold.</param>
/// <param name="Layer">Layer name.</param>
/// <param name="Columns">What the columns of <paramref name="Figures"/> are: <c>threshold</c>, <c>peak</c>, <c>mean</c>, <c>selectivity</c>, <c>class</c>.</param>
/// <param name="Figures">(units, columns): one row for every unit of the layer; NaN where a number makes no sense.</param>
/// <param name="Cards">The units that are shown, in the order of <paramref name="Rule"/>.</param>
/// <param name="Rule">How they were chosen and ordered, in one sentence.</param>
public sealed record LayerUnits(
    string Title,
    Provenance From,
    string Layer,
    ImmutableArray<string> Columns,
    ArrayFile Figures,
    ImmutableArray<UnitCard> Cards,
    string Rule) : Finding(Title, From)
{
    /// <summary>(cards · samples of a card, rows, columns): the unit's activation on each card's samples, cards and samples in their order; null for layers without positions.</summary>
    public ArrayFile? Maps { get; init; }
}

/// <summary>One unit and the samples that drive it most.</summary>
/// <param name="Unit">Index of the channel.</param>
/// <param name="Threshold">0.99 quantile of its activation over samples and positions: what lies above is outlined.</param>
/// <param name="Samples">Indices into the sample table, the strongest first; all cards of a layer have the same number.</param>
/// <param name="Peaks">The unit's largest activation on each of them.</param>
public sealed record UnitCard(int Unit, float Threshold, ImmutableArray<int> Samples, ImmutableArray<float> Peaks);

/// <summary>What the units of one layer give for a few samples, as pictures.</summary>
/// <param name="Title">Heading.</param>
/// <param name="From">How they were computed.</param>
/// <param name="Layer">Layer name.</param>
/// <param name="Units">Indices of the channels, in the order of the unit cards.</param>
/// <param name="Samples">Indices into the sample table.</param>
/// <param name="Maps">(samples · units, rows, columns), sample by sample.</param>
public sealed record FeatureMaps(
    string Title,
    Provenance From,
    string Layer,
    ImmutableArray<int> Units,
    ImmutableArray<int> Samples,
    ArrayFile Maps) : Finding(Title, From);

/// <summary>The weights of the first convolution: what the network looks for in the picture itself.</summary>
/// <param name="Title">Heading.</param>
/// <param name="From">Where they were read.</param>
/// <param name="Layer">Layer name.</param>
/// <param name="Weights">(kernels, input channels, rows, columns), as they are used on the normalised input; three channels are red, green, blue.</param>
public sealed record FirstKernels(string Title, Provenance From, string Layer, ArrayFile Weights) : Finding(Title, From);

/// <summary>Pictures of the samples that the unit cards name, small but larger than thumbnails.</summary>
/// <param name="Title">Heading.</param>
/// <param name="From">How they were chosen.</param>
/// <param name="Samples">Index of each picture's sample, in the order of the sheets.</param>
/// <param name="Sheets">The pictures, squeezed to squares: the frame of the maps.</param>
public sealed record ProbePictures(string Title, Provenance From, ImmutableArray<int> Samples, ThumbnailSheets Sheets) : Finding(Title, From);
