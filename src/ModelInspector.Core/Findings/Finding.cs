using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace ModelInspector.Findings;

/// <summary>
/// One thing that an analysis found, as plain data with its provenance: the only thing a report or a workbench ever reads.
/// Large arrays are not inside: a finding names the <c>.npy</c> or image files beside <c>findings.json</c>.
/// </summary>
/// <param name="Title">What was found, as a heading.</param>
/// <param name="From">How it was found.</param>
public abstract record Finding(string Title, Provenance From);

/// <summary>How a finding came to be: enough to do it again.</summary>
/// <param name="Method">Catalog name.</param>
/// <param name="Settings">Every setting, also those left at their default.</param>
/// <param name="Seed">The job's seed.</param>
/// <param name="Source">Where the method was published.</param>
public sealed record Provenance(string Method, ImmutableSortedDictionary<string, string> Settings, ulong Seed, string Source)
{
    /// <summary>Provenance of something that is counted, not estimated.</summary>
    public static Provenance Of(string method, ulong seed = 0) => new(method, ImmutableSortedDictionary<string, string>.Empty, seed, "");
}

/// <summary>A finding of a kind that this version does not know, kept as it was read so that a report can still show it.</summary>
/// <param name="Title">Its title, or its kind if it has none.</param>
/// <param name="From">Its kind as the method; nothing else is known.</param>
/// <param name="Json">Everything it says.</param>
public sealed record UnknownFinding(string Title, Provenance From, JsonObject Json) : Finding(Title, From);

/// <summary>A float32 <c>.npy</c> file beside <c>findings.json</c>.</summary>
/// <param name="File">Path relative to the run's folder, with forward slashes.</param>
/// <param name="Shape">Sizes, slowest first.</param>
public sealed record ArrayFile(string File, ImmutableArray<int> Shape);
