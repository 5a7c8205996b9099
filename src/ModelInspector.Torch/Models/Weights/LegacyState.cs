using System.Buffers.Binary;
using static TorchSharp.torch;

namespace ModelInspector.Models.Weights;

/// <summary>
/// Reads a state dict that PyTorch saved before 1.6: pickles one after the other (a magic number, a version, the machine, the dict, the
/// names of its stored data), then the data, each behind its count.
/// </summary>
internal static class LegacyState
{
    private const string Magic = "6CFC9C46F9206AA85019";
    private const long Version = 1001;
    private const int MostPickle = 1 << 24;

    private static readonly byte[] MagicBytes = [0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

    /// <summary>Whether a file's first bytes are those of such a file.</summary>
    public static bool Begins(ReadOnlySpan<byte> head) => head.IndexOf(MagicBytes) >= 0;

    /// <summary>The tensors in a file.</summary>
    /// <exception cref="FormatException">It is damaged or holds no state dict; the message is a sentence without its subject.</exception>
    public static IReadOnlyDictionary<string, StoredTensor> Read(string path)
    {
        using var file = File.OpenRead(path);
        // The dict comes before the data, so it is found in the beginning of a large file.
        var head = new byte[Math.Min(file.Length, MostPickle)];
        file.ReadExactly(head);
        var at = 0;
        if (!Magic.Equals(StatePickle.Read(head, ref at)) || !Version.Equals(StatePickle.Read(head, ref at)))
            throw new FormatException("is a pickle, but not one of PyTorch's state dicts");
        StatePickle.Read(head, ref at);
        // A checkpoint holds more than weights: what an optimizer stores stands among the data, too.
        var storages = new Dictionary<string, PickledStorage>();
        var state = StateDict.In(StatePickle.Read(head, ref at, storages));
        var keys = StatePickle.Read(head, ref at) as List<object?> ?? throw new FormatException("does not name its stored data");
        var places = Places(file, at, [.. keys.OfType<string>()], storages);
        return state.ToDictionary(entry => entry.Key, entry => entry.Value.In(read => Data(path, places[entry.Value.Storage.Key], read)));
    }

    private static Dictionary<string, long> Places(FileStream file, long at, string[] keys, Dictionary<string, PickledStorage> storages)
    {
        var places = new Dictionary<string, long>();
        var count = new byte[8];
        foreach (var key in keys)
        {
            if (!storages.TryGetValue(key, out var storage)) throw new FormatException($"has stored data `{key}` that no tensor uses");
            file.Position = at;
            file.ReadExactly(count);
            var bytes = StoredTensor.BytesOf(storage.Type, [storage.Count]);
            if (BinaryPrimitives.ReadInt64LittleEndian(count) != storage.Count || bytes is null || bytes > file.Length - at - 8)
                throw new FormatException($"declares {storage.Count:N0} values in the stored data `{key}`, which holds another number");
            places[key] = at + 8;
            at += 8 + bytes.Value;
        }
        return storages.Keys.All(places.ContainsKey) ? places : throw new FormatException("lacks stored data of its tensors");
    }

    private static Tensor Data(string path, long at, Func<Stream, Tensor> read)
    {
        using var file = File.OpenRead(path);
        file.Position = at;
        return read(file);
    }
}
