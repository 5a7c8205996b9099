using System.Collections.Immutable;

namespace ModelInspector.Datasets;

/// <summary>One image of a data set, not yet read.</summary>
/// <param name="Id">File name relative to the data folder with forward slashes, or the row number of an array.</param>
/// <param name="File">Full path of its image; empty for a row of an array.</param>
/// <param name="Label">Index into the data set's classes; -1 when it has none.</param>
/// <param name="Mask">Full path of its mask; null when it has none.</param>
public sealed record Sample(string Id, string File, int Label, string? Mask);

/// <summary>A sample as it was listed, its label still a word.</summary>
internal sealed record Listed(string Id, string File, string Label, string? Mask, ImmutableArray<string> Values);

/// <summary>The rows of a listing, the names of their further columns, and what a reader should know of it.</summary>
internal sealed record Listing(ImmutableArray<Listed> Rows, ImmutableArray<string> Columns, ImmutableArray<string> Skipped);
