using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using ModelInspector.Models.Onnx.Format;

namespace ModelInspector.Models.Onnx;

/// <summary>Weights that a model keeps in files beside it, and only there: a location that leads out of its folder is refused.</summary>
internal sealed class ExternalData(string model) : IDisposable
{
    private readonly string folder = Path.GetFullPath(Path.GetDirectoryName(Path.GetFullPath(model))!);
    private readonly SortedDictionary<string, SafeFileHandle> open = new(StringComparer.Ordinal);

    /// <summary>Bytes that a tensor's values have, wherever they are.</summary>
    public long Length(string file, TensorProto tensor, long expected) => tensor.Data switch
    {
        TensorData.Inline inline => inline.Bytes.Length,
        TensorData.InFile inFile => inFile.Ranges.Sum(range => range.Length),
        TensorData.External elsewhere => Length(file, tensor.Name, elsewhere, expected),
        _ => 0,
    };

    public void Read(string file, string tensor, TensorData.External data, long offset, Span<byte> into)
    {
        var handle = Open(file, tensor, data.Location);
        for (var at = data.Range.Offset + offset; into.Length > 0;)
        {
            var read = RandomAccess.Read(handle, into, at);
            if (read == 0) throw new EndOfStreamException();
            into = into[read..];
            at += read;
        }
    }

    /// <summary>Hash of the model file and of every file that was opened.</summary>
    public string Sha256(MappedFile main)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        Append(hash, main.Length, buffer, main.Read);
        foreach (var handle in open.Values)
            Append(hash, RandomAccess.GetLength(handle), buffer, (offset, into) => RandomAccess.Read(handle, into, offset));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose()
    {
        foreach (var handle in open.Values) handle.Dispose();
    }

    private delegate void Reading(long offset, Span<byte> into);

    private static void Append(IncrementalHash hash, long length, byte[] buffer, Reading read)
    {
        for (var offset = 0L; offset < length; offset += buffer.Length)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - offset));
            read(offset, part);
            hash.AppendData(part);
        }
    }

    private long Length(string file, string tensor, TensorData.External data, long expected)
    {
        var available = RandomAccess.GetLength(Open(file, tensor, data.Location)) - data.Range.Offset;
        return data.Range.Length >= 0 ? Math.Min(data.Range.Length, available) : Math.Min(expected, available);
    }

    private SafeFileHandle Open(string file, string tensor, string location)
    {
        if (open.TryGetValue(location, out var handle)) return handle;
        var path = Inside(location) ?? throw new InputException(
            $"{file}: the weight `{tensor}` is to be read from `{location}`, which is not inside the model's folder. Put its data beside the model.");
        if (!File.Exists(path)) throw new InputException(
            $"{file}: the weight `{tensor}` is in the file `{location}`, which is not beside the model. Copy it there.");
        return open[location] = File.OpenHandle(path);
    }

    // A link may lead anywhere, so none is followed on the way from the model's folder.
    private string? Inside(string location)
    {
        if (location.Length == 0 || location.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(location)) return null;
        var path = Path.GetFullPath(Path.Combine(folder, location));
        if (!path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return null;
        for (var part = path; part.Length > folder.Length; part = Path.GetDirectoryName(part)!)
            if (new FileInfo(part).LinkTarget is not null) return null;
        return path;
    }
}
