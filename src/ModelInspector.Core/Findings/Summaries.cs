using System.Collections.Immutable;
using ModelInspector.Models;

namespace ModelInspector.Findings;

/// <summary>The network that was inspected.</summary>
/// <param name="Title">Heading.</param>
/// <param name="From">How it was read.</param>
/// <param name="Graph">All layers.</param>
/// <param name="Chosen">Names of the layers that were analysed, in execution order.</param>
public sealed record ModelSummary(string Title, Provenance From, ModelGraph Graph, ImmutableArray<string> Chosen) : Finding(Title, From);

/// <summary>
/// The samples in the order in which every per-sample array of the run counts them.
/// </summary>
/// <param name="Title">Heading.</param>
/// <param name="From">How they were read.</param>
/// <param name="Ids">File name relative to the data folder, or the row number of an array.</param>
/// <param name="Classes">Class names; labels and predictions index into it.</param>
/// <param name="Labels">Class of each sample; -1 when it has none.</param>
/// <param name="Predicted">Predicted class of each sample; -1 when the model is no classifier.</param>
/// <param name="Confidence">Soft-max probability of the predicted class; NaN where there is none.</param>
/// <param name="Columns">Every other column, in the data file's order: name and one value a sample.</param>
public sealed record SampleTable(
    string Title,
    Provenance From,
    ImmutableArray<string> Ids,
    ImmutableArray<string> Classes,
    ImmutableArray<int> Labels,
    ImmutableArray<int> Predicted,
    ImmutableArray<float> Confidence,
    ImmutableArray<SampleColumn> Columns) : Finding(Title, From)
{
    /// <summary>Sheets of square thumbnails, row by row, in sample order.</summary>
    public ThumbnailSheets? Thumbnails { get; init; }

    /// <summary>Samples that are shown at display size.</summary>
    public ImmutableArray<ExampleImage> Examples { get; init; } = [];
}

/// <summary>A metadata column.</summary>
public sealed record SampleColumn(string Name, ImmutableArray<string> Values);

/// <summary>JPEG sheets of thumbnails.</summary>
/// <param name="Size">Width and height of one thumbnail in pixels.</param>
/// <param name="Across">Thumbnails in a row of a sheet.</param>
/// <param name="PerSheet">Thumbnails on a full sheet.</param>
/// <param name="Files">Sheets in order, relative to the run's folder.</param>
public sealed record ThumbnailSheets(int Size, int Across, int PerSheet, ImmutableArray<string> Files);

/// <summary>One sample at display size, exactly as the model saw it (resized and cropped, before normalisation).</summary>
/// <param name="Sample">Index into the sample table.</param>
/// <param name="File">PNG or JPEG, relative to the run's folder.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels, of one slice.</param>
/// <param name="Mask">PNG of the mask in the same frame (white inside), or null.</param>
public sealed record ExampleImage(int Sample, string File, int Width, int Height, string? Mask)
{
    /// <summary>Slices of a volume, one below the other in the file and in the mask; 1 for a picture.</summary>
    public int Slices { get; init; } = 1;
}

/// <summary>What was used, how it was prepared, what was left out, and how long each stage took.</summary>
/// <param name="Title">Heading.</param>
/// <param name="From">How it was counted.</param>
/// <param name="Samples">Samples used.</param>
/// <param name="Masks">Samples with a mask.</param>
/// <param name="Preprocessing">The steps from file to tensor, one a line.</param>
/// <param name="Skipped">Files that could not be used, each with its reason.</param>
/// <param name="Limits">Limits applied: "maps of 64 of 200 samples, stratified by class; statistics use all".</param>
/// <param name="Stages">Wall time by stage.</param>
public sealed record DataAndLimits(
    string Title,
    Provenance From,
    int Samples,
    int Masks,
    ImmutableArray<string> Preprocessing,
    ImmutableArray<string> Skipped,
    ImmutableArray<string> Limits,
    ImmutableArray<StageTime> Stages) : Finding(Title, From);

/// <summary>Wall time of one stage.</summary>
public sealed record StageTime(string Stage, double Seconds);
