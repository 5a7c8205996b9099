using System.Collections.Immutable;
using static TorchSharp.torch;

namespace ModelInspector.Models.Weights;

/// <summary>Reads what TorchSharp's <c>module.save</c> writes: a count, then each name with element type, rank, sizes and bytes.</summary>
internal static class TorchSharpState
{
    private const int MostAxes = 64;

    /// <summary>The tensors in a file.</summary>
    /// <exception cref="FormatException">It is damaged; the message is a sentence without its subject.</exception>
    public static IReadOnlyDictionary<string, StoredTensor> Read(string path)
    {
        using var file = File.OpenRead(path);
        using var reader = new BinaryReader(file);
        var entries = new Dictionary<string, StoredTensor>();
        for (var left = Count(reader, file.Length); left > 0; left--)
        {
            var name = Name(reader);
            if (!entries.TryAdd(name, Entry(path, name, reader))) throw new FormatException($"has two tensors `{name}`");
        }
        return file.Position == file.Length ? entries : throw new FormatException("goes on after its last tensor");
    }

    private static long Count(BinaryReader reader, long size) =>
        Number(reader) is >= 0 and var count && count <= size ? count : throw new FormatException("declares an impossible number of tensors");

    private static string Name(BinaryReader reader)
    {
        var length = Number(reader);
        if (length < 0 || length > reader.BaseStream.Length - reader.BaseStream.Position) throw new FormatException("has a name that is longer than the file");
        return System.Text.Encoding.UTF8.GetString(reader.ReadBytes((int)Math.Min(length, int.MaxValue)));
    }

    private static long Number(BinaryReader reader)
    {
        try
        {
            return reader.Read7BitEncodedInt64();
        }
        catch (FormatException error)
        {
            throw new FormatException("has a number that is longer than any number can be", error);
        }
    }

    private static StoredTensor Entry(string path, string name, BinaryReader reader)
    {
        var (type, rank) = ((ScalarType)Number(reader), Number(reader));
        if (rank is < 0 or > MostAxes) throw new FormatException($"declares `{name}` with {rank} axes");
        ImmutableArray<long> shape = [.. Enumerable.Range(0, (int)rank).Select(_ => Number(reader))];
        var (at, file) = (reader.BaseStream.Position, reader.BaseStream);
        if (StoredTensor.BytesOf(type, shape) is not { } bytes || bytes > file.Length - at)
            throw new FormatException($"declares `{name}` of shape ({string.Join(", ", shape)}), which is more than it holds or of an unknown type");
        file.Position = at + bytes;
        return new(type, shape, () => StoredTensor.At(path, type, shape, at));
    }
}
