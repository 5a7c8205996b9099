using System.Collections.Immutable;
using ModelInspector.Activations;
using ModelInspector.Findings;
using ModelInspector.Inspection;
using ModelInspector.Models;
using ModelInspector.Models.Onnx;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Inspection;

/// <summary>
/// Twelve pictures of a bright square, brighter from one to the next and now here, now there; a network whose unit 1 sums up bright squares, whose unit 0 looks for
/// dark ones (there are none), and whose unit 2 gives the same for everything.
/// </summary>
public sealed class CardStageTests : IDisposable
{
    private const int Samples = 12;
    private const int Side = 16;
    private const int Bright = 1;
    private const int Dark = 0;

    private readonly string folder = Directory.CreateTempSubdirectory("modelinspector-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_card_of_a_unit_shows_the_samples_that_drive_it_most_the_strongest_first()
    {
        var card = Card(Inspected(24), Bright);
        Assert.Equal([11, 10, 9, 8, 7, 6], card.Samples.ToArray());
        Assert.Equal([12f, 11, 10, 9, 8, 7], card.Peaks.Select(peak => MathF.Round(peak, 4)));
    }

    [Fact]
    public void What_lies_above_the_threshold_lies_on_the_square_and_nowhere_else()
    {
        var units = Inspected(24).OfType<LayerUnits>().Single();
        var maps = Npy.Read(Path.Combine(folder, "run", units.Maps!.File));
        var place = units.Cards.Index().First(card => card.Item.Unit == Bright).Index;
        foreach (var (i, sample) in units.Cards[place].Samples.Index())
        {
            var map = maps[place * 6 + i].ToArray();
            var above = Enumerable.Range(0, map.Length).Where(p => map[p] > units.Cards[place].Threshold).ToList();
            Assert.NotEmpty(above);
            Assert.All(above, p => Assert.True(Math.Abs(p / Side - Top(sample)) <= 2 && Math.Abs(p % Side - Top(sample)) <= 2, $"{p} of sample {sample}"));
        }
    }

    [Fact]
    public void The_threshold_leaves_a_hundredth_of_all_values_above_it()
    {
        var units = Inspected(24).OfType<LayerUnits>().Single();
        using var model = Model.Open(Network(), new OpenOptions("cpu"));
        using var scope = NewDisposeScope();
        float[]? values = null;
        using var outputs = model.Run(tensor(Pictures().Values).reshape(Samples, 1, Side, Side), (layer, _, output) =>
        {
            if (layer.Name == units.Layer) values = [.. output.select(1, Bright).contiguous().data<float>()];
            return null;
        });
        var above = (double)values!.Count(value => value > Card([units], Bright).Threshold) / values!.Length;
        Assert.InRange(above, 0.005, 0.015);
    }

    [Fact]
    public void Every_unit_has_its_figures_and_those_that_tell_classes_apart_come_first()
    {
        var units = Inspected(24).OfType<LayerUnits>().Single();
        var figures = Npy.ReadMatrix(Path.Combine(folder, "run", units.Figures.File));
        Assert.Equal((3, 5), (figures.Rows, figures.Columns));
        Assert.Equal(Bright, units.Cards[0].Unit);
        Assert.Equal(12, figures[Bright, 1], 1e-3);
        Assert.True(figures[Bright, 3] > 0.4);
        Assert.Equal(0, figures[Dark, 1]);
        Assert.True(float.IsNaN(figures[2, 3]));
    }

    [Fact]
    public void With_too_few_samples_a_class_nothing_is_said_of_classes_and_units_that_vary_come_first()
    {
        var units = Inspected(24, some: 4).OfType<LayerUnits>().Single();
        var figures = Npy.ReadMatrix(Path.Combine(folder, "run", units.Figures.File));
        Assert.All(Enumerable.Range(0, 3), unit => Assert.True(float.IsNaN(figures[unit, 3]) && figures[unit, 4] == -1));
        Assert.Equal(Bright, units.Cards[0].Unit);
        Assert.Contains("too few samples a class", units.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Feature_maps_are_those_of_the_examples_in_the_order_of_the_cards()
    {
        var findings = Inspected(24);
        var maps = findings.OfType<FeatureMaps>().Single();
        Assert.Equal(findings.OfType<LayerUnits>().Single().Cards.Select(card => card.Unit), maps.Units);
        Assert.Subset(findings.OfType<SampleTable>().Single().Examples.Select(example => example.Sample).ToHashSet(), maps.Samples.ToHashSet());
        Assert.Equal([maps.Samples.Length * 3, Side, Side], maps.Maps.Shape.ToArray());
        var first = Npy.Read(Path.Combine(folder, "run", maps.Maps.File))[maps.Units.IndexOf(Bright)];
        Assert.Equal(maps.Samples[0] + 1, first.ToArray().Max(), 1e-4);
    }

    [Fact]
    public void The_kernels_are_the_weights_of_the_first_convolution()
    {
        var kernels = Inspected(24).OfType<FirstKernels>().Single();
        Assert.Equal([3, 1, 3, 3], kernels.Weights.Shape.ToArray());
        Assert.Equal(Kernels, Npy.Read(Path.Combine(folder, "run", kernels.Weights.File)).Values);
    }

    [Fact]
    public void Every_sample_that_a_card_names_has_its_picture()
    {
        var findings = Inspected(24);
        var pictures = findings.OfType<ProbePictures>().Single();
        Assert.Equal(findings.OfType<LayerUnits>().SelectMany(units => units.Cards).SelectMany(card => card.Samples).Distinct().Order(), pictures.Samples);
        Assert.All(pictures.Sheets.Files, file => Assert.True(File.Exists(Path.Combine(folder, "run", file))));
    }

    [Fact]
    public void Cards_are_as_many_as_wanted()
    {
        Assert.Equal(2, Inspected(2).OfType<LayerUnits>().Single().Cards.Length);
        Assert.DoesNotContain(Inspected(0), finding => finding is LayerUnits or FeatureMaps or FirstKernels or ProbePictures);
    }

    private static UnitCard Card(IEnumerable<Finding> findings, int unit) => findings.OfType<LayerUnits>().Single().Cards.Single(card => card.Unit == unit);

    private ImmutableArray<Finding> Inspected(int units, int some = Samples)
    {
        var data = Path.Combine(folder, "pictures.npy");
        var all = Pictures();
        Npy.Write(data, new NdArray([some, 1, Side, Side], all.Values[..(some * all.Stride)]));
        return ModelInspector.Inspection.Inspection.Run(
            new InspectionRequest(Network(), data) { Layers = "features", UnitCards = units, Embeddings = [], LastLayerEmbeddings = [], Batch = 5 },
            new RunDirectory(Path.Combine(folder, "run")), Job.Quiet(1));
    }

    private static int Top(int sample) => sample % 2 == 0 ? 2 : 9;

    private static NdArray Pictures()
    {
        var pictures = new NdArray(Samples, 1, Side, Side);
        for (var sample = 0; sample < Samples; sample++)
            for (var y = 0; y < 3; y++)
                for (var x = 0; x < 3; x++) pictures[sample][(Top(sample) + y) * Side + Top(sample) + x] = sample + 1;
        return pictures;
    }

    private static readonly float[] Kernels = [.. Enumerable.Repeat(-1f, 9), .. Enumerable.Repeat(1f / 9, 9), .. Enumerable.Repeat(0f, 9)];

    private string Network()
    {
        var net = new OnnxBuilder("squares");
        var x = net.Input("image", [-1, 1, Side, Side]);
        net.Node("Conv", [x, net.Weight("conv.weight", [3, 1, 3, 3], (ReadOnlySpan<float>)Kernels), net.Weight("conv.bias", [3], [0f, 0, 1])], ["c"], "/conv/Conv", "", ("pads", new long[] { 1, 1, 1, 1 }));
        net.Node("Relu", ["c"], ["f"], "/features/Relu");
        net.Node("GlobalAveragePool", ["f"], ["p"], "/pool/GlobalAveragePool");
        net.Node("Flatten", ["p"], ["v"], "/flatten/Flatten");
        net.Node("Gemm", ["v", net.Weight("fc.weight", [3, 2], [0f, 0, 0, 1, 0, 0]), net.Weight("fc.bias", [2], [0.2f, 0])], ["scores"], "/fc/Gemm");
        net.Output("scores").Save(Path.Combine(folder, "squares.onnx"));
        return Path.Combine(folder, "squares.onnx");
    }
}
