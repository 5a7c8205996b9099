using System.Collections.Immutable;
using System.Text.Json;

namespace ModelInspector.Datasets;

/// <summary>Reads <c>model.json</c>, strictly: an unknown or repeated key, a wrong type or an impossible value is named.</summary>
internal sealed class PreprocessingFile
{
    private const long LargestFile = 16 << 20;
    private const int LargestSide = 16384;

    private static readonly string[] Keys = ["size", "resize", "shortestSide", "interpolation", "channels", "range", "mean", "std", "classes"];

    private readonly string path;
    private readonly Dictionary<string, JsonElement> values = [];

    private PreprocessingFile(string path, JsonElement root)
    {
        this.path = path;
        if (root.ValueKind != JsonValueKind.Object) throw new InputException($"{path} holds {Kind(root)}; expected an object with keys such as `size` and `mean`.");
        foreach (var entry in root.EnumerateObject()) Add(entry);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="otherwise">The channels if it names none.</param>
    public static Preprocessing Read(string path, ChannelOrder otherwise)
    {
        if (!File.Exists(path)) throw new InputException($"{path} does not exist; expected a file in the format of model.json.");
        try
        {
            using var document = JsonDocument.Parse(Bytes(path));
            return new PreprocessingFile(path, document.RootElement).Preprocessing(otherwise);
        }
        catch (JsonException error)
        {
            throw new InputException($"{path} is no valid JSON at line {error.LineNumber + 1}, position {error.BytePositionInLine + 1}.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {error.Message.TrimEnd('.')}.", error);
        }
    }

    private static byte[] Bytes(string path) => new FileInfo(path).Length <= LargestFile
        ? File.ReadAllBytes(path) : throw new InputException($"{path} is larger than {LargestFile >> 20} MB: this is no model.json.");

    private void Add(JsonProperty entry)
    {
        if (!Keys.Contains(entry.Name))
            throw new InputException($"{path}: key `{entry.Name}` is unknown. Near: {string.Join(", ", Names.Near(entry.Name, Keys, 2))}. There are: {string.Join(", ", Keys)}.");
        if (!values.TryAdd(entry.Name, entry.Value)) throw new InputException($"{path}: key `{entry.Name}` is there twice; expected once.");
    }

    private Preprocessing Preprocessing(ChannelOrder otherwise)
    {
        var channels = values.ContainsKey("channels") ? Choice<ChannelOrder>("channels") : otherwise;
        var range = Numbers("range", 2, [0, 1]);
        var read = new Preprocessing
        {
            Size = Size(),
            Resize = Choice<ResizeMode>("resize"),
            ShortestSide = values.TryGetValue("shortestSide", out var side) ? Side("shortestSide", side) : null,
            Interpolation = Choice<Interpolation>("interpolation"),
            Channels = channels,
            Low = range[0],
            High = range[1],
            Mean = Numbers("mean", channels == ChannelOrder.Grey ? 1 : 3, []),
            Std = Numbers("std", channels == ChannelOrder.Grey ? 1 : 3, []),
            Classes = Classes(),
        };
        return Checked(read);
    }

    private Preprocessing Checked(Preprocessing read)
    {
        if (read.Low == read.High) throw new InputException($"{path}: `range` is [{read.Low}, {read.High}]; expected two different numbers.");
        if (read.Std.Any(std => std <= 0)) throw new InputException($"{path}: `std` holds {read.Std.Min()}; expected numbers above 0.");
        if (read.Resize == ResizeMode.Stretch && read.ShortestSide is not null)
            throw new InputException($"{path}: `shortestSide` needs `resize` to be \"shortest-side\".");
        if (read is { ShortestSide: { } side, Size: { } size } && side < Math.Max(size.Height, size.Width))
            throw new InputException($"{path}: `shortestSide` {side} is less than `size` {size}, so the size cannot be cut out.");
        return read;
    }

    private FrameSize? Size() => !values.TryGetValue("size", out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.Number => new FrameSize(Side("size", value), Side("size", value)),
        JsonValueKind.Array when value.GetArrayLength() == 2 => new FrameSize(Side("size", value[0]), Side("size", value[1])),
        _ => throw Wrong("size", value, "a whole number or [height, width]"),
    };

    private int Side(string key, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var side) && side is > 0 and <= LargestSide ? side
        : throw Wrong(key, value, $"a whole number from 1 to {LargestSide}");

    private T Choice<T>(string key) where T : struct, Enum
    {
        if (!values.TryGetValue(key, out var value)) return default;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        var names = Enum.GetNames<T>();
        var found = Array.FindIndex(names, name => Catalog.Kebab(name) == (text == "gray" ? "grey" : text));
        return found >= 0 ? Enum.Parse<T>(names[found]) : throw Wrong(key, value, Names.Or([.. names.Select(name => $"\"{Catalog.Kebab(name)}\"")]));
    }

    private ImmutableArray<double> Numbers(string key, int count, ImmutableArray<double> otherwise)
    {
        if (!values.TryGetValue(key, out var value)) return otherwise;
        var list = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : key == "range" ? [] : Enumerable.Repeat(value, count).ToArray();
        return list.Length == count && list.All(IsNumber) ? [.. list.Select(number => number.GetDouble())]
            : throw Wrong(key, value, key == "range" ? "[low, high]" : count == 1 ? "a number" : $"a number or a list of {count}, one a channel");
    }

    private static bool IsNumber(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number);

    private ImmutableArray<string> Classes()
    {
        if (!values.TryGetValue("classes", out var value)) return [];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(name => name.ValueKind != JsonValueKind.String || name.GetString() == ""))
            throw Wrong("classes", value, "a list of names");
        ImmutableArray<string> names = [.. value.EnumerateArray().Select(name => name.GetString()!)];
        var twin = names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1);
        return twin is null ? names : throw new InputException($"{path}: `classes` names `{twin.Key}` {twin.Count()} times; expected different names.");
    }

    private InputException Wrong(string key, JsonElement value, string expected)
    {
        var text = value.GetRawText();
        return new($"{path}: `{key}` is {(text.Length > 60 ? text[..60] + "…" : text)}; expected {expected}.");
    }

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        _ => "no object",
    };
}
