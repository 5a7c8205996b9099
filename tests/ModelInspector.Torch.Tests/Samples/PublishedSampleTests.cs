using System.Globalization;
using ModelInspector.Attribution;
using ModelInspector.Attribution.Maps;
using ModelInspector.Capture;
using ModelInspector.Datasets;
using ModelInspector.Datasets.Phantom;
using ModelInspector.Evaluation;
using ModelInspector.Evaluation.Localisation;
using ModelInspector.Images;
using ModelInspector.Models;
using ModelInspector.Numerics;
using ModelInspector.Samples;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Samples;

/// <summary>The files in sample-models/phantom-ct are what their README says.</summary>
public class PublishedSampleTests
{
    private static readonly string Folder = Path.Combine(Shared.Repository, "sample-models", "phantom-ct");
    private static readonly string Table = Path.Combine(Folder, "held-out", "labels.csv");

    [Theory]
    [InlineData("clean")]
    [InlineData("shortcut")]
    public void The_networks_reach_the_accuracies_in_the_readme(string network)
    {
        var (data, scores) = Scores(network);
        var markers = data.Column("marker")!.Value;
        var right = data.Samples.Index().Where(sample => scores.Row(sample.Index).ToArray() is var row && Array.IndexOf(row, row.Max()) == sample.Item.Label)
            .CountBy(sample => markers[sample.Index]).ToDictionary();
        var expected = Readme(network);
        Assert.Equal(["agrees", "contradicts", "absent"], expected.Keys);
        foreach (var (marker, (images, listed)) in expected)
        {
            Assert.Equal(images, markers.Count(value => value == marker));
            // Another libtorch may turn the one or other image that lies on a border.
            Assert.InRange(right.GetValueOrDefault(marker), listed - 1, listed + 1);
        }
    }

    [Fact]
    public void Clean_is_right_with_any_marker_and_shortcut_only_where_it_agrees()
    {
        Assert.All(Readme("clean").Values, group => Assert.True(group.Right >= 0.97 * group.Images));
        var shortcut = Readme("shortcut");
        Assert.True(shortcut["agrees"].Right >= 0.97 * shortcut["agrees"].Images);
        Assert.True(shortcut["absent"].Right <= 0.85 * shortcut["absent"].Images);
        Assert.True(shortcut["contradicts"].Right <= 0.5 * shortcut["contradicts"].Images);
    }

    [Theory]
    [InlineData("clean")]
    [InlineData("shortcut")]
    public void The_state_file_holds_the_same_network_as_the_onnx_file(string network)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var module = new PhantomNet(0);
        module.load(Path.Combine(Folder, network + ".dat"));
        module.eval();
        using var model = Model.Open(Path.Combine(Folder, network + ".onnx"));
        using var reader = Reader(network);
        var input = Batches.ToTensor(reader.Read(0, 10));
        var (fromModule, fromFile) = (module.call(input), model.Run(input).First);
        Assert.InRange((fromModule - fromFile).abs().max().item<float>(), 0, 1e-4);
    }

    [Fact]
    public void Layers_go_by_the_modules_names()
    {
        using var model = Model.Open(Path.Combine(Folder, "clean.onnx"));
        var convolutions = model.Graph.Layers.Where(layer => layer.Op == "Conv").Select(layer => layer.Name).ToArray();
        Assert.Equal(["features.0", "features.3", "features.7", "features.10", "features.14", "features.17", "features.21", "features.24"], convolutions);
        Assert.Equal("features.26", model.Graph.Find("/features/features.26/Relu").Name);
        Assert.Equal(-1, model.Graph.Inputs[0].Shape[0]);
    }

    [Fact]
    public void The_images_are_the_generators_to_the_bit()
    {
        var codec = new OpenCvImageCodec();
        foreach (var image in PhantomSet.HeldOut(SampleTraining.PublishedSeed).Where((_, index) => index % 17 == 0))
        {
            var abdomen = new Abdomen(image.Patient);
            Assert.Equal(image.Draw(abdomen), Grey(codec, image.File));
            Assert.Equal(abdomen.Causal.Select(inside => inside ? byte.MaxValue : (byte)0), Grey(codec, "masks/" + image.File));
        }
    }

    [Fact]
    public void All_of_it_takes_less_than_four_megabytes() =>
        Assert.InRange(Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length), 1, 4_000_000);

    [Fact]
    public void Sam_is_more_specific_than_grad_cam_at_the_first_layer_and_the_same_before_the_pooling()
    {
        using var model = Model.Open(Path.Combine(Folder, "clean.onnx"));
        using var reader = Reader("clean");
        var first = Specificities((IDifferentiableModel)model, reader, "features.0");
        var last = Specificities((IDifferentiableModel)model, reader, "features.26");
        Assert.True(first.Sam > 0.98, $"SAM {first.Sam:0.000}");
        Assert.True(first.Sam > first.GradCam + 0.02, $"SAM {first.Sam:0.000}, Grad-CAM {first.GradCam:0.000}");
        Assert.Equal(last.Sam, last.GradCam, 6);
    }

    private static (double Sam, double GradCam) Specificities(IDifferentiableModel model, SampleReader reader, string layer)
    {
        using var scope = NewDisposeScope();
        var samples = Enumerable.Range(0, 24).Select(index => reader.Load(index * 8)).ToArray();
        var input = stack([.. samples.Select(sample => Batches.ToTensor(sample.Input))]);
        var target = new ClassTarget([.. samples.Select(sample => (long)sample.Sample.Label)]);
        var found = LayerGradients.Of(model, input, [model.Graph.Find(layer)], target).Single();
        return (Mean(new Sam().Map(found.Activation, found.Gradient), samples), Mean(new GradCam().Map(found.Activation, found.Gradient), samples));
    }

    private static double Mean(Tensor maps, LoadedSample[] samples)
    {
        var all = Batches.ToArray(maps);
        var upsampling = new Upsampling([.. all.Shape[1..]], [PhantomImage.Size, PhantomImage.Size]);
        return samples.Index().Select(sample => Score(new NdArray([.. all.Shape[1..]], all[sample.Index].ToArray()), sample.Item.Mask!))
            .Where(score => score.IsDefined).Average(score => score.Value);

        Score Score(NdArray map, NdArray mask) => new Specificity().Measure(new MaskedMap(upsampling.Apply(map), mask), Job.Quiet());
    }

    private static (DataSet Data, Matrix Scores) Scores(string network)
    {
        using var frozen = no_grad();
        using var model = Model.Open(Path.Combine(Folder, network + ".onnx"));
        using var reader = Reader(network);
        var scores = new List<float>();
        foreach (var (_, input) in Batches.For(reader, model.Graph, 50))
        {
            using var outputs = model.Run(input);
            scores.AddRange(outputs.First.data<float>().ToArray());
        }
        return (reader.Data, new Matrix(reader.Count, PhantomImage.Classes.Count, [.. scores]));
    }

    private static SampleReader Reader(string network)
    {
        var preprocessing = Preprocessing.For(Path.Combine(Folder, network + ".onnx"), null, null);
        return new SampleReader(DataSet.Open(Table, DataOptions.None with { Classes = preprocessing.Classes }), preprocessing, new OpenCvImageCodec());
    }

    private static byte[] Grey(OpenCvImageCodec codec, string file) =>
        Array.ConvertAll(codec.Decode(File.ReadAllBytes(Path.Combine(Folder, "held-out", file)), file).Values, value => (byte)value);

    /// <summary>Images and right answers by marker, from the README's table.</summary>
    private static Dictionary<string, (int Images, int Right)> Readme(string network) =>
        File.ReadAllLines(Path.Combine(Folder, "README.md")).Where(line => line.StartsWith($"| {network} | ", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells[2] != "all")
            .ToDictionary(cells => cells[2], cells => (int.Parse(cells[3], CultureInfo.InvariantCulture), int.Parse(cells[4], CultureInfo.InvariantCulture)));
}
