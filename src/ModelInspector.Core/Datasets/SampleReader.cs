using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using ModelInspector.Activations;
using ModelInspector.Numerics;

namespace ModelInspector.Datasets;

/// <summary>A sample that has been read.</summary>
/// <param name="Sample">Which one.</param>
/// <param name="Input">What the model takes: (C, H, W), or an array's row as it is.</param>
/// <param name="Frame">What the model sees, before normalisation; null for an array's row.</param>
/// <param name="Mask">1 inside and 0 outside, (H, W) in the model's frame; null without mask.</param>
public sealed record LoadedSample(Sample Sample, NdArray Input, Picture? Frame, NdArray? Mask);

/// <summary>Some samples in a row.</summary>
/// <param name="First">Index of the first one in the data set.</param>
/// <param name="Samples">The samples.</param>
/// <param name="Input">All inputs as one array (n, C, H, W).</param>
public sealed record SampleBatch(int First, ImmutableArray<LoadedSample> Samples, NdArray Input);

/// <summary>Reads a data set's samples a few at a time: memory holds one batch, whatever the number of samples.</summary>
public sealed class SampleReader : IDisposable
{
    private const long LargestFile = 1L << 30;

    private readonly IImageCodec codec;
    private readonly NpyRows? rows;
    private readonly NpyRows? masks;
    private readonly NdArray? array;
    private readonly NdArray? maskArray;
    private readonly Lazy<string> hash;
    private readonly Lazy<ImmutableArray<int>> shape;

    /// <summary>Reads <paramref name="data"/> as <paramref name="preprocessing"/> says; arrays are taken as they are.</summary>
    public SampleReader(DataSet data, Preprocessing preprocessing, IImageCodec codec)
    {
        (Data, Preprocessing, this.codec) = (data, preprocessing, codec);
        (rows, array) = Open(data.Array);
        (masks, maskArray) = Open(data.MaskArray);
        hash = new(Hash);
        shape = new(() => Load(0, check: false).Input.Shape);
    }

    /// <summary>The samples.</summary>
    public DataSet Data { get; }

    /// <summary>How images become inputs.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Number of samples.</summary>
    public int Count => Data.Samples.Length;

    /// <summary>Shape of one input.</summary>
    public ImmutableArray<int> Shape => shape.Value;

    /// <summary>Hash over the preprocessing and over every sample's name, label, image and mask, lower-case hex. Reads every file once.</summary>
    public string Sha256 => hash.Value;

    /// <summary>The inputs of some samples as one array.</summary>
    /// <exception cref="InputException">A file cannot be read, is no image, or does not fit.</exception>
    public NdArray Read(int start, int count) => Batch(start, count).Input;

    /// <summary>One sample with its picture and mask.</summary>
    /// <exception cref="InputException">Its file cannot be read, is no image, or does not fit.</exception>
    public LoadedSample Load(int index) => Load(index, check: true);

    /// <summary>All samples from <paramref name="start"/> on, batch by batch; each is read when it is asked for.</summary>
    /// <exception cref="InputException">A file cannot be read, is no image, or does not fit.</exception>
    public IEnumerable<SampleBatch> Batches(int size, int start = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        for (var first = start; first < Count; first += size) yield return Batch(first, Math.Min(size, Count - first));
    }

    /// <summary>Some samples.</summary>
    /// <exception cref="InputException">A file cannot be read, is no image, or does not fit.</exception>
    public SampleBatch Batch(int start, int count)
    {
        var loaded = new LoadedSample[count];
        _ = Shape;
        RowParallel.Run(count, 1, (i, _, _) => loaded[i] = Load(start + i));
        var input = new NdArray([count, .. Shape]);
        for (var i = 0; i < count; i++) loaded[i].Input.Values.CopyTo(input[i]);
        return new(start, [.. loaded], input);
    }

    /// <summary>Closes a mapped array.</summary>
    public void Dispose()
    {
        rows?.Dispose();
        masks?.Dispose();
    }

    private LoadedSample Load(int index, bool check)
    {
        var sample = Data.Samples[index];
        var loaded = Data.Array is null ? Image(sample) : Row(sample, index);
        if (check && !loaded.Input.Shape.SequenceEqual(Shape))
            throw new InputException($"{sample.Id} is {Size(loaded.Input)} where {Data.Samples[0].Id} is {Size(new NdArray(Shape))}, and the model's size is not known. Give `size` in model.json.");
        return loaded;
    }

    private static string Size(NdArray input) => string.Join("×", input.Shape[1..]);

    private LoadedSample Image(Sample sample)
    {
        var picture = Decode(sample.File, sample.Id);
        var frame = Preprocessing.Frame(picture);
        var input = Preprocessing.Normalise(frame);
        RefuseNonFinite(input.Values, sample.Id);
        return new(sample, input, frame, sample.Mask is null ? null : Mask(sample, picture));
    }

    private NdArray Mask(Sample sample, Picture picture)
    {
        var mask = Decode(sample.Mask!, sample.Mask!);
        if ((mask.Width, mask.Height) != (picture.Width, picture.Height))
            throw new InputException($"{sample.Mask} is {mask.Height}×{mask.Width} (rows × columns), its image {sample.Id} is {picture.Height}×{picture.Width}; expected masks of the image's size.");
        return Preprocessing.FrameMask(mask, lossy: Path.GetExtension(sample.Mask!).ToLowerInvariant() is ".jpg" or ".jpeg" or ".jpe" or ".webp" or ".jp2");
    }

    private Picture Decode(string file, string name)
    {
        var picture = codec.Decode(Bytes(file), name);
        return picture is { Width: > 0, Height: > 0, Channels: 1 or 3 or 4 } ? picture
            : throw new InputException($"{name} has {picture.Channels} channels and {picture.Height}×{picture.Width} pixels; expected a grey, RGB or RGBA image.");
    }

    private static byte[] Bytes(string file)
    {
        try
        {
            var length = new FileInfo(file).Length;
            return length <= LargestFile ? File.ReadAllBytes(file)
                : throw new InputException($"{file} is {length >> 20} MB; images up to {LargestFile >> 20} MB are read.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{file} cannot be read: {error.Message.TrimEnd('.')}.", error);
        }
    }

    private LoadedSample Row(Sample sample, int index)
    {
        var values = rows is null ? array![index].ToArray() : rows.Row(index).ToArray();
        RefuseNonFinite(values, $"{Data.Array}: sample {index}");
        return new(sample, new NdArray(rows?.Shape ?? array!.Shape[1..], values), null, MaskRow(index));
    }

    private static void RefuseNonFinite(float[] values, string name)
    {
        var wrong = Array.FindIndex(values, value => !float.IsFinite(value));
        if (wrong >= 0) throw new InputException($"{name} holds {values[wrong]}. Expected finite numbers; replace or remove it.");
    }

    private NdArray? MaskRow(int index)
    {
        if (Data.MaskArray is null) return null;
        var values = masks is null ? maskArray![index].ToArray() : masks.Row(index).ToArray();
        return new NdArray(masks?.Shape ?? maskArray!.Shape[1..], [.. values.Select(value => value > 0 ? 1f : 0f)]);
    }

    private static (NpyRows?, NdArray?) Open(string? path) =>
        path is null ? (null, null)
        : Npy.ReadHeader(path) is { Type: "<f4", Fortran: false } ? (NpyRows.Open(path), null)
        : (null, Npy.Read(path));

    private string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, Data.Array is null ? string.Join('\n', Preprocessing.Steps()) : "as is");
        foreach (var sample in Data.Samples) Add(hash, sample);
        foreach (var file in new[] { Data.Array, Data.MaskArray }.OfType<string>()) AddFile(hash, file);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void Add(IncrementalHash hash, Sample sample)
    {
        Add(hash, sample.Id);
        Add(hash, sample.Label < 0 ? "" : Data.Classes[sample.Label]);
        if (sample.File != "") AddFile(hash, sample.File);
        if (sample.Mask is not null) AddFile(hash, sample.Mask);
    }

    // The length first: otherwise "ab" + "c" and "a" + "bc" would be the same data.
    private static void Add(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(bytes.Length));
        hash.AppendData(bytes);
    }

    private static void AddFile(IncrementalHash hash, string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            hash.AppendData(SHA256.HashData(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {error.Message.TrimEnd('.')}.", error);
        }
    }
}
