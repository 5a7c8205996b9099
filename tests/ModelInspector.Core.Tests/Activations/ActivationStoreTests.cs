using System.Text;
using ModelInspector.Activations;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Activations;

public sealed class ActivationStoreTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Batches_of_every_layer_come_back_as_one_file_a_layer()
    {
        using (var writer = ActivationWriter.Begin(scratch.Folder, Request(Pooling.None, "block/conv", "fc")))
        {
            Batch(writer, 0, 2);
            Batch(writer, 2, 1);
            writer.Complete();
        }
        var store = ActivationStore.Open(scratch.Folder);
        Assert.Equal(["block__conv.npy", "capture.json", "fc.npy"], scratch.Files);
        Assert.Equal((int[])[3, 2, 2, 2], store.Read("block/conv").Shape);
        Assert.Equal(20f, store.Read("block/conv")[2][0]);
        Assert.Equal([0f, 10f, 20f], store.ReadMatrix("fc").Values);
        using var rows = store.Map("block/conv");
        Assert.Equal(17f, rows.Row(1)[7]);
    }

    [Theory]
    [InlineData(Pooling.Mean, new[] { 1.5f, 5.5f })]
    [InlineData(Pooling.Max, new[] { 3f, 7f })]
    public void Pooling_leaves_one_value_a_channel(Pooling pooling, float[] expected)
    {
        var activation = new NdArray([1, 2, 2, 2], [0, 1, 2, 3, 4, 5, 6, 7]);
        Assert.Equal(expected, activation.Pool(pooling).Values);
        Assert.Equal(expected, new NdArray([1, 2, 1, 2, 2], activation.Values).Pool(pooling).Values);
        Assert.Same(activation, activation.Pool(Pooling.None));
        var tokens = new NdArray([1, 4, 2], activation.Values);
        Assert.Same(tokens, tokens.Pool(pooling));
    }

    [Fact]
    public void An_interrupted_capture_goes_on_and_ends_with_the_same_bytes()
    {
        var request = Request(Pooling.None, "a", "b");
        using (var whole = ActivationWriter.Begin(scratch["whole"], request))
        {
            for (var i = 0; i < 3; i++) Batch(whole, i, 1);
            whole.Complete();
        }
        using (var interrupted = ActivationWriter.Begin(scratch["parts"], request))
        {
            Batch(interrupted, 0, 1);
            interrupted.Append("a", Rows(1, 1, [2, 2, 2]));
        }
        Assert.Contains("1 of 3 samples", Assert.Throws<InputException>(() => ActivationStore.Open(scratch["parts"])).Message, StringComparison.Ordinal);
        using (var resumed = ActivationWriter.Begin(scratch["parts"], request))
        {
            Assert.Equal(1, resumed.Rows);
            for (var i = 1; i < 3; i++) Batch(resumed, i, 1);
            resumed.Complete();
        }
        foreach (var file in new[] { "a.npy", "b.npy", "capture.json" })
            Assert.Equal(File.ReadAllBytes(scratch[$"whole/{file}"]), File.ReadAllBytes(scratch[$"parts/{file}"]));
        Assert.True(ActivationStore.Holds(scratch["parts"], request));
    }

    [Fact]
    public void Another_request_starts_anew_and_leaves_foreign_files_alone()
    {
        File.WriteAllText(scratch["mine.txt"], "mine");
        using (var first = ActivationWriter.Begin(scratch.Folder, Request(Pooling.None, "a"))) Batch(first, 0, 2);
        var other = Request(Pooling.None, "a") with { ModelSha256 = "other" };
        using var second = ActivationWriter.Begin(scratch.Folder, other);
        Assert.Equal(0, second.Rows);
        Assert.Equal(["mine.txt"], scratch.Files);
        Assert.False(ActivationStore.Holds(scratch.Folder, other));
    }

    [Fact]
    public void A_lost_part_file_starts_anew()
    {
        using (var first = ActivationWriter.Begin(scratch.Folder, Request(Pooling.None, "a", "b"))) Batch(first, 0, 2);
        File.Delete(scratch["b.npy.part"]);
        using var second = ActivationWriter.Begin(scratch.Folder, Request(Pooling.None, "a", "b"));
        Assert.Equal(0, second.Rows);
        Assert.Empty(scratch.Files);
    }

    [Fact]
    public void A_capture_without_a_whole_batch_leaves_no_trace()
    {
        using (var writer = ActivationWriter.Begin(scratch.Folder, Request(Pooling.None, "a"))) writer.Append("a", Rows(0, 1, [3]));
        Assert.Empty(scratch.Files);
    }

    [SkippableFact]
    public void A_full_disk_leaves_no_trace_of_any_layer()
    {
        Skip.IfNot(File.Exists("/dev/full"), "This system has no /dev/full to stand for a full disk.");
        using var writer = ActivationWriter.Begin(scratch.Folder, Request(Pooling.None, "a", "b"));
        writer.Append("a", Rows(0, 1, [3]));
        File.CreateSymbolicLink(scratch["b.npy.part"], "/dev/full");
        writer.Append("b", Rows(0, 1, [3]));
        Assert.Contains("the disk is full", Assert.Throws<InputException>(() => writer.EndBatch(1)).Message, StringComparison.Ordinal);
        Assert.Empty(scratch.Files);
    }

    [Fact]
    public void A_layer_whose_first_axis_is_not_the_sample_is_named()
    {
        using var writer = ActivationWriter.Begin(scratch.Folder, Request(Pooling.None, "a", "tokens"));
        writer.Append("a", Rows(0, 2, [3]));
        writer.Append("tokens", Rows(0, 17, [3]));
        var error = Assert.Throws<InputException>(() => writer.EndBatch(2));
        Assert.Contains("`tokens` gave 17 rows for a batch of 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_change_their_shape_are_named()
    {
        using var writer = ActivationWriter.Begin(scratch.Folder, Request(Pooling.None, "a"));
        writer.Append("a", Rows(0, 1, [4, 8, 8]));
        Assert.Contains("(4, 7, 7)", Assert.Throws<InputException>(() => writer.Append("a", Rows(0, 1, [4, 7, 7]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_layer_suggests_near_names()
    {
        using var writer = ActivationWriter.Begin(scratch.Folder, Request(Pooling.None, "layer1", "fc"));
        Batch(writer, 0, 1);
        var store = writer.Complete();
        Assert.Contains("Near: layer1", Assert.Throws<InputException>(() => store.Read("layer2")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_cannot_point_outside_its_folder()
    {
        using (var writer = ActivationWriter.Begin(scratch["store"], Request(Pooling.None, "a")))
        {
            Batch(writer, 0, 1);
            writer.Complete();
        }
        var manifest = File.ReadAllText(scratch["store/capture.json"]);
        File.WriteAllText(scratch["store/capture.json"], manifest.Replace("\"a.npy\"", "\"../victim.npy\"", StringComparison.Ordinal));
        File.WriteAllText(scratch["victim.npy"], "precious");
        Assert.Throws<InputException>(() => ActivationStore.Open(scratch["store"]));
        using (ActivationWriter.Begin(scratch["store"], Request(Pooling.Max, "a"))) Assert.True(File.Exists(scratch["victim.npy"]));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("not json")]
    [InlineData("{\"schema\":\"modelinspector/activations/1\",\"request\":{\"modelSha256\":\"\",\"dataSha256\":\"\",\"pooling\":\"none\",\"samples\":1,\"layers\":[null]},\"layers\":[null],\"rows\":1,\"complete\":true}")]
    public void A_damaged_manifest_is_one_sentence(string text)
    {
        File.WriteAllText(scratch["capture.json"], text);
        Assert.Contains("holds no captured activations", Assert.Throws<InputException>(() => ActivationStore.Open(scratch.Folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("block1/conv/Relu:0", "block1__conv__Relu:0")]
    [InlineData("features.0", "features.0")]
    [InlineData("..", "_")]
    [InlineData("../../etc/passwd", "___..__etc__passwd")]
    [InlineData("/root", "__root")]
    [InlineData("", "_")]
    [InlineData("a\\b\0c\n", "a_b_c_")]
    public void A_layer_name_becomes_a_safe_file_name(string layer, string file) => Assert.Equal(file, LayerFiles.Of(layer));

    [Fact]
    public void Layer_names_that_would_share_a_file_are_numbered_and_long_ones_are_cut()
    {
        Assert.Equal(["a__b.npy", "a__b-2.npy"], LayerFiles.Of(["a/b", "a__b"]).AsEnumerable());
        var files = LayerFiles.Of([new string('é', 500) + "1", new string('é', 500) + "2"]);
        Assert.All(files, file => Assert.True(Encoding.UTF8.GetByteCount(file) < 250));
        Assert.NotEqual(files[0], files[1]);
    }

    private static CaptureRequest Request(Pooling pooling, params string[] layers) => new("model", "data", pooling, 3, [.. layers]);

    // The first sample's values count 0, 1, 2 …; the next one's 10, 11, 12 …
    private static NdArray Rows(int first, int count, int[] row)
    {
        var length = row.Aggregate(1, (product, size) => product * size);
        return new([count, .. row], [.. from sample in Enumerable.Range(first, count) from i in Enumerable.Range(0, length) select (float)(10 * sample + i)]);
    }

    private static void Batch(ActivationWriter writer, int first, int count)
    {
        foreach (var (layer, row) in new[] { ("block/conv", (int[])[2, 2, 2]), ("fc", [1]), ("a", [2, 2, 2]), ("b", [5]), ("layer1", [3]) })
            if (writer.Wants(layer)) writer.Append(layer, Rows(first, count, row));
        writer.EndBatch(count);
    }
}
