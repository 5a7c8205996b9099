using System.Collections.Immutable;

namespace ModelInspector.Models;

/// <summary>Opens one file format.</summary>
public interface IModelLoader
{
    /// <summary>The format's name, as a user knows it.</summary>
    string Format { get; }

    /// <summary>Whether a file looks like this format, judged by its name and its first bytes.</summary>
    bool Recognises(string path, ReadOnlySpan<byte> head);

    /// <summary>Opens the file.</summary>
    /// <exception cref="InputException">It is damaged, or holds something that is not supported; the message names all of it.</exception>
    IModel Open(string path, OpenOptions options);
}

/// <summary>How to open a model.</summary>
/// <param name="Device">Where it runs: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>.</param>
/// <param name="InputShape">Shape of the first input, batch first, where the file does not tell.</param>
public sealed record OpenOptions(string Device = "cpu", ImmutableArray<long>? InputShape = null)
{
    /// <summary>Type name of the network in an assembly; null for its only one.</summary>
    public string? Type { get; init; }

    /// <summary>File of weights for a network from an assembly; null to keep those that its constructor gives.</summary>
    public string? Weights { get; init; }
}
