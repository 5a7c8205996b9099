using System.Collections.Immutable;
using ModelInspector.Evaluation;

namespace ModelInspector.Findings;

/// <summary>Which method does best at what, each at the layer where it does best.</summary>
/// <param name="Title">Heading.</param>
/// <param name="From">How it was measured.</param>
/// <param name="Rows">By metric, the best first; controls take part.</param>
/// <param name="Sentences">What the table says, one fact a sentence.</param>
public sealed record MethodLeague(string Title, Provenance From, ImmutableArray<LeagueRow> Rows, ImmutableArray<string> Sentences) : Finding(Title, From);

/// <summary>A method's place at one metric.</summary>
/// <param name="Metric">Catalog name.</param>
/// <param name="Threshold">As in <see cref="DepthRow"/>.</param>
/// <param name="Rank">1 is the best; methods that cannot be told from the one before them still have ranks of their own.</param>
/// <param name="Method">Method or control.</param>
/// <param name="Control">Whether it is a control.</param>
/// <param name="Layer">The layer where it does best; empty for a control that does not depend on one.</param>
/// <param name="Value">Mean over images there, with its interval.</param>
/// <param name="ToFirst">The first one's mean minus this one's over the same images, with its paired interval; null for the first.</param>
public sealed record LeagueRow(string Metric, double? Threshold, int Rank, string Method, bool Control, string Layer, Interval Value, Interval? ToFirst);

/// <summary>Scores of the maps by group of images: by class, scanner, or any other column.</summary>
/// <param name="Title">Heading.</param>
/// <param name="From">How it was measured.</param>
/// <param name="Rows">One row a group, layer, method and metric.</param>
/// <param name="Sentences">What the table says, one fact a sentence.</param>
public sealed record ScoresByGroup(string Title, Provenance From, ImmutableArray<GroupRow> Rows, ImmutableArray<string> Sentences) : Finding(Title, From);

/// <summary>A score of the images of one group.</summary>
/// <param name="Column">What the images are grouped by: <c>label</c>, or a column's name.</param>
/// <param name="Group">The group.</param>
/// <param name="Scores">Mean over its images with its interval.</param>
public sealed record GroupRow(string Column, string Group, DepthRow Scores);
