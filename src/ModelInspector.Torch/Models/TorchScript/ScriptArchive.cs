using System.IO.Compression;
using System.Text;

namespace ModelInspector.Models.TorchScript;

/// <summary>
/// Looks at a file before libtorch does, in managed code: whether it is TorchScript at all, whole, and not built to do harm.
/// </summary>
internal static class ScriptArchive
{
    private const long MostText = 1L << 28;

    /// <returns>Whether its line numbers of the original source can be used.</returns>
    /// <exception cref="InputException">It is something else, damaged, or beyond the limits.</exception>
    internal static bool Check(string path)
    {
        using var stream = File.OpenRead(path);
        CheckBeginning(stream, path);
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            CheckKind(archive, path);
            return CheckEntries(archive, stream.Length, path);
        }
        catch (InvalidDataException error)
        {
            throw Damaged(path, "its table of contents is missing or broken", error);
        }
    }

    private static void CheckBeginning(FileStream stream, string path)
    {
        var head = new byte[Math.Min(16, stream.Length)];
        stream.ReadExactly(head);
        stream.Position = 0;
        if (head.AsSpan().StartsWith("PK\x03\x04"u8)) return;
        throw new InputException(head is [0x80, < 6, ..]
            ? $"{path} is a pickle, as torch.save wrote before PyTorch 1.6: weights or a Python object, not a network. {Wanted}"
            : $"{path} is no TorchScript file: it begins with {Beginning(head)}. {Wanted}");
    }

    private static string Wanted => "Expected a network saved by torch.jit.trace(model, input).save(file), or ONNX.";

    private static string Beginning(byte[] head) => head.AsSpan().ContainsAnyExceptInRange((byte)9, (byte)126)
        ? "the bytes " + Convert.ToHexString(head.AsSpan(0, Math.Min(8, head.Length)))
        : $"the text `{Encoding.ASCII.GetString(head).ReplaceLineEndings(" ")}`";

    private static void CheckKind(ZipArchive archive, string path)
    {
        bool Has(string ending) => archive.Entries.Any(entry => entry.FullName.EndsWith(ending, StringComparison.Ordinal));
        if (Has("/constants.pkl") && archive.Entries.Any(entry => entry.FullName.Contains("/code/", StringComparison.Ordinal))) return;
        throw new InputException(Has("/data.pkl")
            ? $"{path} holds weights (a state dict or a pickled module, from torch.save) but no network. {Wanted}"
            : $"{path} is a zip archive without a network ({archive.Entries.Count} entries, first `{archive.Entries.FirstOrDefault()?.FullName}`). {Wanted}");
    }

    private static bool CheckEntries(ZipArchive archive, long size, string path)
    {
        CheckSizes(archive, size, path);
        var sizes = new Dictionary<string, long>();
        foreach (var entry in archive.Entries)
            if (!sizes.TryAdd(entry.FullName, entry.Length)) throw Damaged(path, $"it has two entries `{entry.FullName}`");
        var debugIsSound = true;
        foreach (var entry in archive.Entries)
        {
            var content = Content(entry, path);
            if (entry.Name.EndsWith(".py", StringComparison.Ordinal)) CheckCode(entry, content, path);
            if (entry.Name.EndsWith(".debug_pkl", StringComparison.Ordinal)) debugIsSound &= IsSoundDebug(content);
            else if (entry.Name.EndsWith(".pkl", StringComparison.Ordinal)) CheckPickle(entry, content, sizes, path);
        }
        return debugIsSound;
    }

    private static void CheckSizes(ZipArchive archive, long size, string path)
    {
        long stored = 0, text = 0;
        foreach (var entry in archive.Entries)
        {
            stored += entry.CompressedLength;
            text += IsWeights(entry) ? 0 : entry.Length;
            if (entry.CompressedLength < 0 || stored > size) throw Damaged(path, $"its entry `{entry.FullName}` is larger than the file");
            if (text > MostText) throw Damaged(path, $"its code unpacks to more than {MostText >> 20} MB");
            if (IsWeights(entry) && entry.Length != entry.CompressedLength) throw Damaged(path, $"its weights `{entry.FullName}` are compressed, which PyTorch never does");
        }
    }

    private static bool IsWeights(ZipArchiveEntry entry) =>
        entry.FullName.Contains("/data/", StringComparison.Ordinal) || entry.FullName.Contains("/constants/", StringComparison.Ordinal);

    /// <summary>The entry, unpacked, its checksum compared; weights are compared only.</summary>
    private static byte[] Content(ZipArchiveEntry entry, string path)
    {
        using var content = entry.Open();
        var crc = new Crc32();
        var kept = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            crc.Append(buffer.AsSpan(0, read));
            if (!IsWeights(entry)) kept.Write(buffer.AsSpan(0, read));
        }
        return crc.Value == entry.Crc32 ? kept.ToArray() : throw Damaged(path, $"the checksum of `{entry.FullName}` is wrong");
    }

    private static void CheckCode(ZipArchiveEntry entry, byte[] code, string path)
    {
        if (ScriptCode.Problem(code) is { } problem) throw Damaged(path, $"`{entry.FullName}` {problem}");
        if (code.AsSpan().IndexOf("def __setstate__"u8) >= 0)
            throw new InputException($"{path} has modules with an unpacking of their own (`{entry.FullName}`), as quantised networks do. Expected a floating-point network; export that, or ONNX.");
    }

    private static void CheckPickle(ZipArchiveEntry entry, byte[] pickle, Dictionary<string, long> sizes, string path)
    {
        var folder = entry.FullName[..^".pkl".Length];
        try
        {
            ScriptPickle.Read(pickle, key => sizes.TryGetValue($"{folder}/{key}", out var size) ? size : null);
        }
        catch (FormatException error)
        {
            throw Damaged(path, $"`{entry.FullName}` {error.Message}", error);
        }
        catch (NotSupportedException error)
        {
            throw new InputException($"{path}: `{entry.FullName}` {error.Message}, which is not supported. Expected a floating-point network; export that, or ONNX.", error);
        }
    }

    private static bool IsSoundDebug(byte[] pickle)
    {
        try
        {
            return ScriptDebug.IsSound(ScriptPickle.Read(pickle, _ => null));
        }
        catch (Exception error) when (error is FormatException or NotSupportedException)
        {
            return false;
        }
    }

    private static InputException Damaged(string path, string why, Exception? cause = null) =>
        new($"{path} is a damaged TorchScript file: {why}. Copy or export it again.", cause);
}
