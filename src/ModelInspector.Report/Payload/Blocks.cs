using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelInspector.Activations;
using ModelInspector.Findings;
using ModelInspector.Numerics;

namespace ModelInspector.Report.Payload;

/// <summary>The page's data beside its manifest: small typed arrays and images, each loaded when it is first shown.</summary>
/// <param name="run">Where the files lie.</param>
/// <param name="shown">Which samples the page shows.</param>
/// <param name="prefix">What ids begin with; runs that share a page have different ones.</param>
internal sealed class Blocks(RunDirectory run, Shown shown, string prefix = "b")
{
    private readonly List<Block> _all = [];
    private readonly Dictionary<string, string> _images = [];

    public IReadOnlyList<Block> All => _all;

    /// <summary>Which samples the page shows.</summary>
    public Shown Shown { get; } = shown;

    /// <summary>What each block holds: the manifest's <c>blocks</c>.</summary>
    public JsonObject Index { get; } = [];

    /// <summary>Adds a compressed block and returns its id.</summary>
    public string Add(JsonObject description, byte[] bytes) => Add(description, Compress(bytes), bytes.Length);

    /// <summary>Adds a block of plain JSON and returns its id.</summary>
    public string AddJson<T>(T value) => Add(new JsonObject { ["type"] = "json" }, JsonSerializer.SerializeToUtf8Bytes(value, Manifest.Json));

    /// <summary>Adds a JPEG or PNG file of the run, once, and returns its id.</summary>
    public string AddImage(string file)
    {
        if (_images.TryGetValue(file, out var known)) return known;
        var bytes = File.ReadAllBytes(Resolve(file));
        return _images[file] = Add(new JsonObject { ["type"] = "image", ["mime"] = Mime(bytes, file) }, bytes, bytes.Length);
    }

    /// <summary>An array of the run, checked against the shape that its finding gives.</summary>
    public NdArray Read(ArrayFile array)
    {
        var values = Npy.Read(Resolve(array.File));
        return values.Shape.SequenceEqual(array.Shape)
            ? values
            : throw new InputException(
                $"{array.File} has shape ({string.Join(", ", values.Shape)}), the finding that names it says ({string.Join(", ", array.Shape)}). "
                + "Run `modelinspector inspect` again.");
    }

    // A findings.json that somebody sent must not pull other files of the reader's machine into a page that is passed on.
    private string Resolve(string file)
    {
        var root = Path.GetFullPath(run.Path) + Path.DirectorySeparatorChar;
        var full = Path.GetFullPath(Path.Combine(root, file));
        if (!full.StartsWith(root, StringComparison.Ordinal))
            throw new InputException($"A finding names {file}, which lies outside the run's folder. A report takes only files from inside {run.Path}.");
        return File.Exists(full)
            ? full
            : throw new InputException($"A finding names {file}, but {run.Path} holds no such file. Run `modelinspector inspect` again, or copy the whole folder.");
    }

    private string Add(JsonObject description, byte[] stored, int size)
    {
        var id = $"{prefix}{_all.Count}";
        description["bytes"] = size;
        Index[id] = description;
        _all.Add(new Block(id, stored));
        return id;
    }

    private static byte[] Compress(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static string Mime(ReadOnlySpan<byte> bytes, string file) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G']) ? "image/png"
        : throw new InputException($"{file} is neither JPEG nor PNG by its first bytes. Run `modelinspector inspect` again.");
}

/// <summary>Bytes of one block as they are stored.</summary>
internal sealed record Block(string Id, byte[] Stored);
