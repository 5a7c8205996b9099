using System.Collections.Immutable;
using ModelInspector.Datasets;
using ModelInspector.Models;

namespace ModelInspector.Core.Tests.Datasets;

public sealed class PreprocessingTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Every_key_is_read()
    {
        var read = Read("""
            {"size": [224, 192], "resize": "shortest-side", "shortestSide": 256, "interpolation": "nearest", "channels": "bgr",
             "range": [0, 255], "mean": [104, 117, 123], "std": 2, "classes": ["cat", "dog"]}
            """);
        Assert.Equal(new FrameSize(224, 192), read.Size);
        Assert.Equal((ResizeMode.ShortestSide, 256, Interpolation.Nearest, ChannelOrder.Bgr, 0.0, 255.0), (read.Resize, read.ShortestSide, read.Interpolation, read.Channels, read.Low, read.High));
        Assert.Equal([104, 117, 123], read.Mean.AsEnumerable());
        Assert.Equal([2, 2, 2], read.Std.AsEnumerable());
        Assert.Equal(["cat", "dog"], read.Classes.AsEnumerable());
        Assert.Equal(5, read.Steps().Length);
    }

    [Theory]
    [InlineData("{\"sizes\": 3}", "key `sizes` is unknown. Near: size")]
    [InlineData("{\"size\": 3, \"size\": 4}", "`size` is there twice")]
    [InlineData("{\"size\": 0}", "`size` is 0; expected a whole number from 1")]
    [InlineData("{\"size\": [1, 2, 3]}", "[height, width]")]
    [InlineData("{\"size\": [1e9, 2]}", "`size` is 1e9")]
    [InlineData("{\"size\": \"big\"}", "`size` is \"big\"")]
    [InlineData("{\"channels\": \"rbg\"}", "expected \"rgb\", \"bgr\" or \"grey\"")]
    [InlineData("{\"resize\": \"crop\"}", "expected \"stretch\" or \"shortest-side\"")]
    [InlineData("{\"mean\": [1, 2]}", "a list of 3")]
    [InlineData("{\"channels\": \"grey\", \"mean\": [1, 2, 3]}", "expected a number")]
    [InlineData("{\"std\": [1, 0, 1]}", "above 0")]
    [InlineData("{\"range\": [1, 1]}", "two different numbers")]
    [InlineData("{\"range\": 255}", "[low, high]")]
    [InlineData("{\"range\": [0, 1e999]}", "`range`")]
    [InlineData("{\"shortestSide\": 256}", "needs `resize`")]
    [InlineData("{\"size\": 300, \"resize\": \"shortest-side\", \"shortestSide\": 256}", "less than `size`")]
    [InlineData("{\"classes\": [\"a\", \"a\"]}", "names `a` 2 times")]
    [InlineData("{\"classes\": \"a\"}", "a list of names")]
    [InlineData("[1]", "holds a list")]
    [InlineData("{\"size\": 3,}", "no valid JSON at line 1")]
    [InlineData("", "no valid JSON")]
    [InlineData("{\"size\":", "no valid JSON")]
    public void A_mistake_names_its_key(string json, string says)
    {
        var error = Assert.Throws<InputException>(() => Read(json));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(scratch["model.json"], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_given_comes_before_the_models_own_and_that_before_the_folders()
    {
        File.WriteAllText(scratch["model.json"], "{\"size\": 1}");
        Assert.Equal(1, Height(null));
        File.WriteAllText(scratch["net.model.json"], "{\"size\": 2}");
        Assert.Equal(2, Height(null));
        File.WriteAllText(scratch["given.json"], "{\"size\": 3}");
        Assert.Equal(3, Height(scratch["given.json"]));
        Assert.Throws<InputException>(() => Height(scratch["missing.json"]));
    }

    [Fact]
    public void Without_a_file_the_models_shape_is_taken_and_said()
    {
        var grey = Preprocessing.For(scratch["net.onnx"], null, Takes(-1, 1, 28, 32));
        Assert.Equal((new FrameSize(28, 32), ChannelOrder.Grey), (grey.Size!.Value, grey.Channels));
        Assert.Contains("There is no model.json", Assert.Single(grey.Notes), StringComparison.Ordinal);
        Assert.Null(Preprocessing.For(scratch["net.onnx"], null, Takes(1, 3, -1, -1)).Size);
    }

    [Theory]
    [InlineData(1, 4, 8, 8)]
    [InlineData(1, 3, 8)]
    [InlineData]
    public void Without_a_file_and_a_usable_shape_the_way_out_is_shown(params int[] shape) =>
        Assert.Contains("Write model.json beside it", Assert.Throws<InputException>(() => Preprocessing.For(scratch["net.onnx"], null, Takes(shape))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_contradicts_the_model_is_refused_and_one_without_size_takes_the_models()
    {
        File.WriteAllText(scratch["model.json"], "{\"size\": 224}");
        Assert.Contains("the model takes 28×28", Assert.Throws<InputException>(() => Preprocessing.For(scratch["net.onnx"], null, Takes(1, 3, 28, 28))).Message, StringComparison.Ordinal);
        File.WriteAllText(scratch["model.json"], "{\"channels\": \"rgb\"}");
        Assert.Contains("3 channels", Assert.Throws<InputException>(() => Preprocessing.For(scratch["net.onnx"], null, Takes(1, 1, 224, 224))).Message, StringComparison.Ordinal);
        File.WriteAllText(scratch["model.json"], "{}");
        Assert.Equal(new FrameSize(28, 30), Preprocessing.For(scratch["net.onnx"], null, Takes(1, 3, 28, 30)).Size);
        File.WriteAllText(scratch["model.json"], "{\"mean\": 0.286}");
        Assert.Equal(ChannelOrder.Grey, Preprocessing.For(scratch["net.onnx"], null, Takes(1, 1, 28, 28)).Channels);
    }

    private int Height(string? given) => Preprocessing.For(scratch["net.onnx"], given, null).Size!.Value.Height;

    private static Port Takes(params int[] shape) => new("input", [.. shape.Select(size => (long)size)], "float32");

    private Preprocessing Read(string json)
    {
        File.WriteAllText(scratch["model.json"], json);
        return Preprocessing.For(scratch["net.onnx"], null, null);
    }
}
