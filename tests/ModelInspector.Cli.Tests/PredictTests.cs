using ModelInspector.Activations;
using ModelInspector.Numerics;

namespace ModelInspector.Cli.Tests;

/// <summary><c>predict</c> on real files: what it writes is what the reference says, or what the other format of the same network says.</summary>
public class PredictTests
{
    [SkippableTheory]
    [InlineData("gap")]
    [InlineData("residual")]
    [InlineData("mobile")]
    [InlineData("vit")]
    public void Reference_networks_give_the_reference_logits_from_both_formats(string name)
    {
        var folder = Repository.Shared("conformance", name);
        var expected = Npy.Read(Path.Combine(folder, "logits.npy"));
        foreach (var format in (string[])["onnx", "pt"])
            Near(expected, Predicted(Path.Combine(folder, "model." + format), Path.Combine(folder, "input.npy")), 1e-5, $"{name}.{format}");
    }

    [SkippableTheory]
    [InlineData("cifar-resnet20", 3, 32, 32)]
    [InlineData("fashion-cnn", 1, 28, 28)]
    public void Both_formats_of_a_real_network_give_the_same(string name, params int[] shape)
    {
        using var scratch = new Scratch();
        var folder = Repository.Shared("real", "models");
        var input = Input(scratch, 5, shape);
        Near(Predicted(Path.Combine(folder, name + ".onnx"), input), Predicted(Path.Combine(folder, name + ".pt"), input), 1e-5, name);
    }

    [SkippableTheory]
    [InlineData("squeezenet-imagenet-fp16", new[] { 3, 224, 224 }, new[] { 1000 })]
    [InlineData("mnist-cntk", new[] { 1, 28, 28 }, new[] { 10 })]
    [InlineData("ultraface-rfb-320", new[] { 3, 240, 320 }, new[] { 4420, 2 })]
    [InlineData("super-resolution", new[] { 1, 224, 224 }, new[] { 1, 672, 672 })]
    [InlineData("fastestdet-coco", new[] { 3, 352, 352 }, new[] { 85, 22, 22 })]
    public void Real_networks_give_each_sample_what_they_give_it_alone(string name, int[] shape, int[] output)
    {
        using var scratch = new Scratch();
        var model = Path.Combine(Repository.Shared("real", "models"), name + ".onnx");
        var (both, second) = (Predicted(model, Input(scratch, 2, shape)), Predicted(model, Input(scratch, 1, shape, skip: 1)));
        Assert.Equal([2, .. output], both.Shape.Where((size, axis) => axis == 0 || size > 1 || output.Contains(1)));
        Assert.All(both.Values, value => Assert.True(float.IsFinite(value)));
        Near(new NdArray([second.Values.Length], second.Values), new NdArray([second.Values.Length], both.Values[^second.Values.Length..]), 1e-4, name);
        Assert.True(both.Values.Max() > both.Values.Min());
    }

    [Fact]
    public void A_device_that_there_is_nowhere_is_refused()
    {
        using var scratch = new Scratch();
        var input = Input(scratch, 1, 1, 128, 128);
        Assert.Contains("`tpu` is no device", Cli.Refuses("predict", Sample.Clean, "--input", input, "-o", scratch["y.npy"], "--device", "tpu"));
        Assert.False(File.Exists(scratch["y.npy"]));
    }

    [SkippableFact]
    public void A_device_that_is_not_here_is_one_clear_sentence()
    {
        Skip.If(TorchSharp.torch.cuda.is_available(), "There is a CUDA device.");
        using var scratch = new Scratch();
        var input = Input(scratch, 1, 1, 128, 128);
        foreach (var device in (string[])["cuda", "cuda:3"])
        {
            var sentence = Cli.Refuses("predict", Sample.Clean, "--input", input, "-o", scratch["y.npy"], "--device", device);
            Assert.Contains($"There is no device `{device}` here: this libtorch sees no CUDA device. Use `cpu`", sentence);
            Assert.Equal(sentence, Cli.Refuses("capture", Sample.Clean, "--input", input, "--layers", "*", "-o", scratch["capture"], "--device", device));
            Assert.Equal(sentence, Cli.Refuses("attribute", Sample.Clean, "--input", input, "--method", "saliency", "--target", "0", "-o", scratch["map.npy"], "--device", device));
            Assert.Equal(sentence, Cli.Refuses("inspect", Sample.Clean, "--data", input, "-o", scratch["run"], "--device", device));
        }
        Assert.False(File.Exists(scratch["y.npy"]));
    }

    private static NdArray Predicted(string model, string input)
    {
        using var scratch = new Scratch();
        Cli.Succeeds("predict", model, "--input", input, "-o", scratch["y.npy"]);
        return Npy.Read(scratch["y.npy"]);
    }

    private static string Input(Scratch scratch, int samples, params int[] shape) => Input(scratch, samples, shape, 0);

    private static string Input(Scratch scratch, int samples, int[] shape, int skip)
    {
        var each = shape.Aggregate((a, b) => a * b);
        var path = scratch[$"x{samples}.npy"];
        Npy.Write(path, new NdArray([samples, .. shape], [.. Enumerable.Range(skip * each, samples * each).Select(i => (float)Math.Sin(i * 0.37))]));
        return path;
    }

    private static void Near(NdArray expected, NdArray actual, double tolerance, string what)
    {
        Assert.True(expected.Shape.SequenceEqual(actual.Shape), $"{what}: shape ({string.Join(", ", actual.Shape)}), expected ({string.Join(", ", expected.Shape)})");
        var scale = expected.Values.Max(Math.Abs);
        var worst = expected.Values.Zip(actual.Values, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(worst <= tolerance * Math.Max(1, scale), $"{what}: off by {worst:G3}, the largest value is {scale:G3}");
    }
}
