using System.Collections.Immutable;

namespace ModelInspector.Findings;

/// <summary>What a study found: its tables, and what they say.</summary>
/// <param name="Title">The question.</param>
/// <param name="From">How it was made: every setting.</param>
/// <param name="Tables">The tables, in the order of reading.</param>
/// <param name="Sentences">What the tables say, one fact a sentence, both sides.</param>
public sealed record StudyResult(string Title, Provenance From, ImmutableArray<StudyTable> Tables, ImmutableArray<string> Sentences) : Finding(Title, From);

/// <summary>A table of a study.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Note">What stands in it.</param>
/// <param name="Columns">Heads of the columns.</param>
/// <param name="Rows">Cells as text.</param>
public sealed record StudyTable(string Title, string Note, ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<string>> Rows);
