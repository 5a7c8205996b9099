using System.IO.Compression;
using static TorchSharp.torch;

namespace ModelInspector.Models.Weights;

/// <summary>Reads a state dict that PyTorch 1.6 or later saved: a zip of a pickle and stored data. Nothing is unpacked to disk; entries are found by name alone.</summary>
internal static class StateArchive
{
    private const long MostPickle = 1 << 24;

    /// <summary>The tensors in a file.</summary>
    /// <exception cref="FormatException">It is damaged or holds no state dict; the message is a sentence without its subject.</exception>
    public static IReadOnlyDictionary<string, StoredTensor> Read(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        var pickle = archive.Entries.FirstOrDefault(entry => entry.FullName.EndsWith("/data.pkl", StringComparison.Ordinal))
            ?? throw new FormatException("is a zip archive without a state dict");
        if (archive.Entries.Any(entry => entry.FullName.Contains("/code/", StringComparison.Ordinal))) throw new FormatException("is a TorchScript network; give it as MODEL, without --type");
        var folder = pickle.FullName[..^"data.pkl".Length] + "data/";
        var at = 0;
        return StateDict.In(StatePickle.Read(Content(pickle), ref at)).ToDictionary(entry => entry.Key, entry => Stored(archive, path, folder + entry.Value.Storage.Key, entry.Value));
    }

    private static byte[] Content(ZipArchiveEntry entry)
    {
        if (entry.Length > MostPickle) throw new FormatException($"has a pickle of {entry.Length:N0} bytes");
        using var stream = entry.Open();
        var content = new byte[entry.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static StoredTensor Stored(ZipArchive archive, string path, string name, PickledTensor tensor)
    {
        var entry = archive.GetEntry(name) ?? throw new FormatException($"has no stored data `{name}`");
        if (entry.Length != entry.CompressedLength) throw new FormatException($"has compressed data `{name}`, which PyTorch never writes");
        if (StoredTensor.BytesOf(tensor.Storage.Type, [tensor.Storage.Count]) is not { } bytes || bytes > entry.Length)
            throw new FormatException($"declares {tensor.Storage.Count:N0} values in `{name}`, which holds {entry.Length:N0} bytes");
        return tensor.In(read => Data(path, name, read));
    }

    private static Tensor Data(string path, string name, Func<Stream, Tensor> read)
    {
        using var archive = ZipFile.OpenRead(path);
        using var stream = archive.GetEntry(name)!.Open();
        return read(stream);
    }
}
