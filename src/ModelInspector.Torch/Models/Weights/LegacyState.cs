using System.Buffers.Binary;

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
        var state = StateDict.In(StatePickle.Read(head, ref at));
        var keys = StatePickle.Read(head, ref at) as List<object?> ?? throw new FormatException("does not name its stored data");
        var places = Places(file, at, [.. keys.OfType<string>()], state.Values.DistinctBy(tensor => tensor.Storage.Key).ToDictionary(tensor => tensor.Storage.Key, tensor => tensor.Storage));
        return state.ToDictionary(entry => entry.Key, entry => entry.Value.In(() => Data(path, places[entry.Value.Storage.Key])));
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

    private static FileStream Data(string path, long at)
    {
        var file = File.OpenRead(path);
        file.Position = at;
        return file;
    }
}
