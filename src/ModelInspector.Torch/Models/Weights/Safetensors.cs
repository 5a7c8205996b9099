using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using static TorchSharp.torch;

namespace ModelInspector.Models.Weights;

/// <summary>Reads safetensors: the length of a header, the header as JSON (name → type, shape, place), and the tensors' bytes.</summary>
internal static class Safetensors
{
    private const long MostHeader = 100 << 20;

    /// <summary>The tensors in a file.</summary>
    /// <exception cref="FormatException">It is damaged; the message is a sentence without its subject.</exception>
    public static IReadOnlyDictionary<string, StoredTensor> Read(string path)
    {
        using var file = File.OpenRead(path);
        var length = new byte[8];
        file.ReadExactly(length);
        var header = BinaryPrimitives.ReadInt64LittleEndian(length);
        if (header is < 2 or > MostHeader || header > file.Length - 8) throw new FormatException($"declares a header of {header:N0} bytes");
        var json = new byte[header];
        file.ReadExactly(json);
        try
        {
            return Entries(path, Parsed(json), 8 + header, file.Length);
        }
        catch (InvalidOperationException error)
        {
            throw new FormatException("has a header whose text is damaged", error);
        }
    }

    private static JsonElement Parsed(byte[] json)
    {
        try
        {
            var root = JsonDocument.Parse(json).RootElement;
            return root.ValueKind == JsonValueKind.Object ? root : throw new FormatException("has a header that is no JSON object");
        }
        catch (JsonException error)
        {
            throw new FormatException("has a header that is no JSON", error);
        }
    }

    private static Dictionary<string, StoredTensor> Entries(string path, JsonElement header, long begin, long size)
    {
        var entries = new Dictionary<string, StoredTensor>();
        foreach (var entry in header.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
            if (!entries.TryAdd(entry.Name, Entry(path, entry, begin, size))) throw new FormatException($"has two tensors `{entry.Name}`");
        return entries;
    }

    private static StoredTensor Entry(string path, JsonProperty entry, long begin, long size)
    {
        try
        {
            var type = TypeOf(entry.Value.GetProperty("dtype").GetString(), entry.Name);
            ImmutableArray<long> shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(Whole)];
            long[] place = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(Whole)];
            var fits = place is [>= 0, _] && place[1] >= place[0] && place[1] <= size - begin;
            if (!fits || StoredTensor.BytesOf(type, shape) != place[1] - place[0])
                throw new FormatException($"declares `{entry.Name}` of shape ({string.Join(", ", shape)}) in bytes that are not there, or not as many");
            return new(type, shape, () => StoredTensor.At(path, type, shape, begin + place[0]));
        }
        catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"describes the tensor `{entry.Name}` without type, shape or place", error);
        }
    }

    private static long Whole(JsonElement number) =>
        number.TryGetInt64(out var value) ? value : throw new FormatException($"has `{number.GetRawText()}` where a size or place is expected");

    private static ScalarType TypeOf(string? name, string entry) => name switch
    {
        "F64" => ScalarType.Float64,
        "F32" => ScalarType.Float32,
        "F16" => ScalarType.Float16,
        "BF16" => ScalarType.BFloat16,
        "I64" => ScalarType.Int64,
        "I32" => ScalarType.Int32,
        "I16" => ScalarType.Int16,
        "I8" => ScalarType.Int8,
        "U8" => ScalarType.Byte,
        "BOOL" => ScalarType.Bool,
        _ => throw new FormatException($"has the element type {name} in `{entry}`, which is not supported"),
    };
}
