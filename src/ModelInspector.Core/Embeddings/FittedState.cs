using System.Collections.Immutable;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModelInspector.Activations;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>
/// A fitted embedding as plain numbers, to be saved and used again. On disk it is a zip file without compression that NumPy's <c>numpy.load</c>
/// opens: <c>embedding.json</c> and one float32 <c>.npy</c> an array.
/// </summary>
/// <param name="Method">Catalog name.</param>
/// <param name="Settings">Every setting.</param>
/// <param name="Projection">The rows it was fitted on, embedded.</param>
/// <param name="Numbers">What must keep its double precision.</param>
/// <param name="Arrays">The rest.</param>
public sealed record FittedState(
    string Method,
    ImmutableSortedDictionary<string, string> Settings,
    Projection Projection,
    ImmutableSortedDictionary<string, ImmutableArray<double>> Numbers,
    ImmutableSortedDictionary<string, Matrix> Arrays)
{
    private const string Schema = "modelinspector/embedding/1", HeadName = "embedding.json", PointsName = "points";
    private const long LongestHead = 1 << 28, LongestArray = 4L * 0x7FFFFFC7;
    private const int Chunk = 1 << 24;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>A state without numbers yet.</summary>
    /// <param name="embedding">A method of the catalog.</param>
    /// <param name="projection">The rows it was fitted on, embedded.</param>
    public static FittedState Of(IEmbedding embedding, Projection projection)
    {
        var entry = Catalog.Of<IEmbedding>(embedding.GetType().Assembly).First(entry => entry.Type == embedding.GetType());
        return new(entry.Name, entry.Describe(embedding), projection,
            ImmutableSortedDictionary<string, ImmutableArray<double>>.Empty, ImmutableSortedDictionary<string, Matrix>.Empty);
    }

    /// <summary>The state with one more array.</summary>
    public FittedState With(string name, Matrix array) => this with { Arrays = Arrays.SetItem(name, array) };

    /// <summary>The state with some more numbers.</summary>
    public FittedState With(string name, params IEnumerable<double> numbers) => this with { Numbers = Numbers.SetItem(name, [.. numbers]) };

    /// <summary>The state with another one inside, under a name; both embed the same rows.</summary>
    public FittedState With(string name, FittedState inner) => this with
    {
        Numbers = Numbers.AddRange(inner.Numbers.Select(pair => KeyValuePair.Create($"{name}/{pair.Key}", pair.Value))),
        Arrays = Arrays.AddRange(inner.Arrays.Select(pair => KeyValuePair.Create($"{name}/{pair.Key}", pair.Value))),
    };

    /// <summary>The state that <see cref="With(string, FittedState)"/> put inside.</summary>
    public FittedState Within(string name) => this with
    {
        Numbers = Numbers.Where(pair => pair.Key.StartsWith(name + "/", StringComparison.Ordinal)).ToImmutableSortedDictionary(pair => pair.Key[(name.Length + 1)..], pair => pair.Value),
        Arrays = Arrays.Where(pair => pair.Key.StartsWith(name + "/", StringComparison.Ordinal)).ToImmutableSortedDictionary(pair => pair.Key[(name.Length + 1)..], pair => pair.Value),
    };

    /// <summary>The fitted rows' places, as many axes as they must have.</summary>
    /// <exception cref="InputException">They have more or fewer axes, or are not finite.</exception>
    public Matrix Places(int axes) => Projection.Points.Columns == axes && Projection.Points.Values.All(float.IsFinite)
        ? Projection.Points : throw Damaged($"its points have {Projection.Points.Columns} axes instead of {axes}, or are not finite");

    /// <summary>An array that must be there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rows">Rows that it must have; -1 for any.</param>
    /// <param name="columns">Columns that it must have; -1 for any.</param>
    /// <exception cref="InputException">It is missing, of another size, or holds values that are not finite.</exception>
    public Matrix Need(string name, int rows = -1, int columns = -1)
    {
        var found = Arrays.GetValueOrDefault(name);
        if (found is null || (rows >= 0 && found.Rows != rows) || (columns >= 0 && found.Columns != columns) || found.Values.Any(value => !float.IsFinite(value)))
            throw Damaged($"`{name}` is {(found is null ? "missing" : $"of {found.Rows} × {found.Columns} or not finite")}");
        return found;
    }

    /// <summary>Numbers that must be there.</summary>
    /// <exception cref="InputException">They are missing, more or fewer, or not finite.</exception>
    public ImmutableArray<double> NeedNumbers(string name, int count)
    {
        var found = Numbers.GetValueOrDefault(name);
        return !found.IsDefault && found.Length == count && found.All(double.IsFinite) ? found : throw Damaged($"`{name}` is missing or does not hold {count} numbers");
    }

    /// <summary>Puts the fitted embedding together again.</summary>
    /// <param name="embeddings">Every embedding there is.</param>
    /// <exception cref="InputException">The method is unknown, or its numbers do not fit together.</exception>
    public IFittedEmbedding Restore(ImmutableArray<CatalogEntry> embeddings) =>
        Catalog.Find(embeddings, Method).Create<IEmbedding>(Settings) is IFittableEmbedding embedding ? embedding.Restore(this)
        : throw new InputException($"{Method} cannot place new rows, so nothing can be restored. Expected a file that `modelinspector embed --save` wrote.");

    /// <summary>Writes the file; a reader never sees half of it.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public void Save(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using (var zip = ZipFile.Open(path + ".part", ZipArchiveMode.Create)) Write(zip);
            File.Move(path + ".part", path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NpyWriter.Unwritable(path, error);
        }
    }

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InputException">It is missing, damaged or something else.</exception>
    public static FittedState Load(string path)
    {
        if (!File.Exists(path)) throw new InputException($"{path} does not exist; expected a file that `modelinspector embed --save` wrote.");
        try
        {
            using var zip = ZipFile.OpenRead(path);
            return Read(zip, path);
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InputException($"{path} is no fitted embedding: {error.Message.TrimEnd('.')}. Expected a file that `modelinspector embed --save` wrote.", error);
        }
    }

    private void Write(ZipArchive zip)
    {
        using (var head = zip.CreateEntry(HeadName, CompressionLevel.NoCompression).Open())
            JsonSerializer.Serialize(head, new Head(Schema, Method, Settings, Projection.Figures, Projection.Warnings, Numbers), Json);
        foreach (var (name, array) in Arrays.SetItem(PointsName, Projection.Points))
        {
            using var entry = zip.CreateEntry(name + ".npy", CompressionLevel.NoCompression).Open();
            entry.Write(NpyHeader.Bytes(array.Rows, [array.Columns]));
            foreach (var part in array.Values.Chunk(Chunk)) entry.Write(MemoryMarshal.AsBytes<float>(part));
        }
    }

    private static FittedState Read(ZipArchive zip, string path)
    {
        using var stream = Open(zip.GetEntry(HeadName) ?? throw new InvalidDataException($"it holds no {HeadName}"), LongestHead);
        var head = JsonSerializer.Deserialize<Head>(stream, Json);
        if (head is not { Schema: Schema, Method: not null, Settings: not null, Figures: not null, Warnings.IsDefault: false, Numbers: not null })
            throw new InvalidDataException($"{HeadName} is not of {Schema}");
        var arrays = zip.Entries.Where(entry => entry.Name.EndsWith(".npy", StringComparison.Ordinal)).DistinctBy(entry => entry.FullName)
            .ToImmutableSortedDictionary(entry => entry.FullName[..^".npy".Length], entry => Array(entry, path));
        var points = arrays.GetValueOrDefault(PointsName) ?? throw new InvalidDataException($"it holds no {PointsName}.npy");
        return new FittedState(head.Method, head.Settings, new Projection(points, head.Figures) { Warnings = head.Warnings }, head.Numbers, arrays.Remove(PointsName));
    }

    private static Matrix Array(ZipArchiveEntry entry, string path)
    {
        using var stream = Open(entry, LongestArray);
        var header = NpyHeader.Read(stream, $"{path}: {entry.FullName}");
        if (header is not { Type: "<f4", Fortran: false, Shape.Length: 2 } || header.Offset + 4 * header.Count != entry.Length)
            throw new InvalidDataException($"{entry.FullName} is no whole float32 table");
        var matrix = new Matrix((int)header.Shape[0], (int)header.Shape[1]);
        for (var from = 0; from < matrix.Values.Length; from += Chunk)
            stream.ReadExactly(MemoryMarshal.AsBytes(matrix.Values.AsSpan(from, Math.Min(Chunk, matrix.Values.Length - from))));
        return matrix;
    }

    // Without compression nothing can be larger than the file itself.
    private static Stream Open(ZipArchiveEntry entry, long largest) =>
        entry.CompressedLength == entry.Length && entry.Length <= largest ? entry.Open() : throw new InvalidDataException($"{entry.FullName} is compressed or too large");

    private InputException Damaged(string what) => new($"The saved {Method} cannot be used: {what}. Fit and save it again with `modelinspector embed --save`.");

    private sealed record Head(
        string Schema,
        string Method,
        ImmutableSortedDictionary<string, string> Settings,
        ImmutableSortedDictionary<string, double> Figures,
        ImmutableArray<string> Warnings,
        ImmutableSortedDictionary<string, ImmutableArray<double>> Numbers);
}
