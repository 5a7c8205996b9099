using ModelInspector.Activations;
using ModelInspector.Datasets;
using ModelInspector.Datasets.Phantom;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Datasets;

public sealed class SampleReaderTests : IDisposable
{
    private static readonly Preprocessing Grey = new() { Channels = ChannelOrder.Grey, Size = new(2, 2) };
    private readonly Scratch scratch = new();
    private readonly PlainCodec codec = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Batches_cover_every_sample_once_and_read_only_when_asked()
    {
        for (var i = 0; i < 5; i++) PlainCodec.Grey(scratch[$"data/{i}.png"], 2, 2, (_, _) => 51 * i);
        using var reader = Reader();
        using var batches = reader.Batches(2).GetEnumerator();
        Assert.True(batches.MoveNext());
        Assert.Equal(3, codec.Decoded); // two of the batch, and the first once more for the shape
        Assert.Equal([5, 1, 2, 2], new[] { reader.Count }.Concat(reader.Shape));
        var first = Enumerable.Range(0, 5).Select(i => reader.Read(i, 1).Values[0]).ToArray();
        Assert.Equal([0, 0.2f, 0.4f, 0.6f, 0.8f], first.Select(value => MathF.Round(value, 4)));
        Assert.Equal([0, 2, 4], reader.Batches(2).Select(batch => batch.First));
        Assert.Equal([2, 4], reader.Batches(2, start: 2).Select(batch => batch.First));
        Assert.Equal(reader.Batches(5).Single().Input.Values, reader.Batches(2).SelectMany(batch => batch.Input.Values));
    }

    [Fact]
    public void A_mask_comes_with_its_sample_and_another_size_is_refused()
    {
        PlainCodec.Grey(scratch["data/a.png"], 4, 4, (row, column) => row * column);
        PlainCodec.Grey(scratch["masks/a.png"], 4, 4, (row, _) => row < 2 ? 255 : 0);
        using (var reader = Reader("masks")) Assert.Equal([1f, 1, 0, 0], reader.Load(0).Mask!.Values);
        PlainCodec.Grey(scratch["masks/a.png"], 4, 5, (row, _) => row < 2 ? 255 : 0);
        using var wrong = Reader("masks");
        Assert.Contains("is 4×5 (rows × columns), its image a.png is 4×4", Assert.Throws<InputException>(() => wrong.Read(0, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_image_is_named()
    {
        PlainCodec.Grey(scratch["data/a.png"], 2, 2, (_, _) => 0);
        File.WriteAllText(scratch["data/b.png"], "hello");
        using var reader = Reader();
        Assert.Equal("b.png is no image.", Assert.Throws<InputException>(() => reader.Read(0, 2)).Message);
    }

    [Fact]
    public void Without_a_size_images_must_agree()
    {
        PlainCodec.Grey(scratch["data/a.png"], 2, 3, (_, _) => 0);
        PlainCodec.Grey(scratch["data/b.png"], 3, 2, (_, _) => 0);
        using var reader = new SampleReader(DataSet.Open(scratch["data"], DataOptions.None), Grey with { Size = null }, codec);
        Assert.Equal([1, 2, 3], reader.Shape.AsEnumerable());
        Assert.Contains("b.png is 3×2 where a.png is 2×3", Assert.Throws<InputException>(() => reader.Read(0, 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hash_changes_with_bytes_names_labels_masks_and_preprocessing_only()
    {
        PlainCodec.Grey(scratch["data/x/a.png"], 2, 2, (_, _) => 1);
        PlainCodec.Grey(scratch["masks/x/a.png"], 2, 2, (_, _) => 1);
        var hashes = new List<string> { Hash(Grey), Hash(Grey, "masks"), Hash(Grey with { High = 255 }) };
        File.Move(scratch["data/x/a.png"], scratch["data/x/b.png"]);
        hashes.Add(Hash(Grey));
        Directory.Move(scratch["data/x"], scratch["data/y"]);
        hashes.Add(Hash(Grey));
        PlainCodec.Grey(scratch["data/y/b.png"], 2, 2, (_, _) => 2);
        hashes.Add(Hash(Grey));
        Assert.Equal(hashes.Count, hashes.Distinct().Count());
        Assert.Equal(hashes[^1], Hash(Grey));
        Assert.Matches("^[0-9a-f]{64}$", hashes[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_array_is_taken_as_it_is(bool doubles)
    {
        float[] values = [.. Enumerable.Range(0, 24).Select(i => (float)i - 3)];
        if (doubles) WriteDoubles(scratch["x.npy"], values);
        else Npy.Write(scratch["x.npy"], new NdArray([2, 3, 2, 2], values));
        Npy.Write(scratch["m.npy"], new NdArray([2, 2, 2], [0, 1, 255, 0, 0, 0, 0, 1]));
        using var reader = new SampleReader(DataSet.Open(scratch["x.npy"], DataOptions.None with { Masks = scratch["m.npy"] }), new(), codec);
        Assert.Equal(values, reader.Read(0, 2).Values);
        var sample = reader.Load(0);
        Assert.Equal([0f, 1, 1, 0], sample.Mask!.Values);
        Assert.Equal([0f, 1, 2, 3], sample.Intensity().Values.Select(value => MathF.Round(value * 3, 4)));
    }

    [Fact]
    public void NaN_in_an_array_is_named_by_its_sample()
    {
        Npy.Write(scratch["x.npy"], new NdArray([2, 1, 1, 1], [0, float.NaN]));
        using var reader = new SampleReader(DataSet.Open(scratch["x.npy"], DataOptions.None), new(), codec);
        Assert.Contains("sample 1 holds NaN", Assert.Throws<InputException>(() => reader.Read(0, 2)).Message, StringComparison.Ordinal);
        PlainCodec.Grey(scratch["data/a.png"], 2, 2, (_, _) => float.NaN, 1);
        using var images = Reader();
        Assert.Contains("a.png holds NaN", Assert.Throws<InputException>(() => images.Read(0, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_phantoms_folder_is_a_data_set_with_masks_classes_and_patients()
    {
        PhantomFolder.Write(scratch["phantom"], [.. PhantomSet.HeldOut(1).Take(5)], codec, Job.Quiet());
        var data = DataSet.Open(scratch["phantom/labels.csv"], DataOptions.None with { Classes = [.. PhantomImage.Classes] });
        Assert.Equal((5, 5), (data.Samples.Length, data.MaskCount));
        Assert.All(data.Samples, sample => Assert.InRange(sample.Label, 0, PhantomImage.Classes.Count - 1));
        Assert.NotNull(data.Column("patient"));
        using var reader = new SampleReader(data, new() { Channels = ChannelOrder.Grey, Size = new(PhantomImage.Size, PhantomImage.Size) }, codec);
        var batch = reader.Batch(0, 5);
        Assert.Equal([5, 1, PhantomImage.Size, PhantomImage.Size], batch.Input.Shape.AsEnumerable());
        Assert.All(batch.Samples, sample => Assert.InRange(sample.Mask!.Values.Average(), 0.005f, 0.5f));
    }

    private static void WriteDoubles(string path, float[] values)
    {
        var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3, 2, 2), }"u8;
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. values.SelectMany(value => BitConverter.GetBytes((double)value))]);
    }

    private SampleReader Reader(string? masks = null) =>
        new(DataSet.Open(scratch["data"], DataOptions.None with { Masks = masks is null ? null : scratch[masks] }), Grey, codec);

    private string Hash(Preprocessing preprocessing, string? masks = null)
    {
        using var reader = new SampleReader(DataSet.Open(scratch["data"], DataOptions.None with { Masks = masks is null ? null : scratch[masks] }), preprocessing, codec);
        return reader.Sha256;
    }
}
