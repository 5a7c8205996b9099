using System.IO.Compression;
using System.Text;

namespace ModelInspector.Models.TorchScript;

/// <summary>
/// Looks at a file before libtorch does, in managed code: whether it is TorchScript at all, whole, and not built to do harm.
/// </summary>
internal static class ScriptArchive
{
    private const long MostText = 1L << 28;
    private const int MostNesting = 200;

    /// <exception cref="InputException">It is something else, damaged, or beyond the limits.</exception>
    internal static void Check(string path)
    {
        using var stream = File.OpenRead(path);
        CheckBeginning(stream, path);
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            CheckKind(archive, path);
            CheckEntries(archive, stream.Length, path);
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

    private static void CheckEntries(ZipArchive archive, long size, string path)
    {
        long stored = 0, text = 0;
        foreach (var entry in archive.Entries)
        {
            var isText = !entry.FullName.Contains("/data/", StringComparison.Ordinal) && !entry.FullName.Contains("/constants/", StringComparison.Ordinal);
            stored += entry.CompressedLength;
            text += isText ? entry.Length : 0;
            if (entry.CompressedLength < 0 || stored > size) throw Damaged(path, $"its entry `{entry.FullName}` is larger than the file");
            if (text > MostText) throw Damaged(path, $"its code unpacks to more than {MostText >> 20} MB");
            if (!isText && entry.Length != entry.CompressedLength) throw Damaged(path, $"its weights `{entry.FullName}` are compressed, which PyTorch never does");
            CheckContent(entry, isText, path);
        }
    }

    private static void CheckContent(ZipArchiveEntry entry, bool isText, string path)
    {
        using var content = entry.Open();
        var crc = new Crc32();
        var nesting = new Nesting();
        var buffer = new byte[1 << 16];
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            crc.Append(buffer.AsSpan(0, read));
            if (isText && entry.Name.EndsWith(".py", StringComparison.Ordinal)) nesting.Append(buffer.AsSpan(0, read));
        }
        if (crc.Value != entry.Crc32) throw Damaged(path, $"the checksum of `{entry.FullName}` is wrong");
        if (nesting.Deepest > MostNesting) throw Damaged(path, $"`{entry.FullName}` nests brackets {nesting.Deepest} deep");
    }

    private static InputException Damaged(string path, string why, Exception? cause = null) =>
        new($"{path} is a damaged TorchScript file: {why}. Copy or export it again.", cause);

    /// <summary>Depth of brackets: libtorch's parser calls itself once for each.</summary>
    private struct Nesting
    {
        private int depth;

        internal int Deepest { get; private set; }

        internal void Append(ReadOnlySpan<byte> code)
        {
            foreach (var c in code)
            {
                if (c is (byte)'(' or (byte)'[' or (byte)'{') Deepest = Math.Max(Deepest, ++depth);
                else if (c is (byte)')' or (byte)']' or (byte)'}') depth--;
            }
        }
    }
}
