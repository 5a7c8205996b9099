using ModelInspector.Evaluation;
using ModelInspector.Findings;
using ModelInspector.Models;
using ModelInspector.Models.Onnx;
using ModelInspector.Numerics;
using ModelInspector.Studies;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Studies;

public sealed class SamSpecificityTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("modelinspector-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(Architecture.PooledHead)]
    [InlineData(Architecture.FlattenHead)]
    [InlineData(Architecture.Residual)]
    public void The_file_of_a_network_computes_what_the_network_does(Architecture architecture)
    {
        using var scope = NewDisposeScope();
        using var net = new StudyNet(architecture, 3);
        net.eval();
        var file = Path.Combine(folder, "net.onnx");
        File.WriteAllBytes(file, StudyNetFile.Bytes(net));
        using var model = new OnnxLoader().Open(file, new OpenOptions());
        var input = Drawn.Even(1, 2, 1, 128, 128);
        Assert.True(net.call(input).allclose(model.Run(input).First, 1e-4, 1e-5));
        Assert.Equal(architecture == Architecture.Residual ? 11 : 8, NetworkScores.Layers(model).Length);
    }

    [Fact]
    public void A_tiny_study_tells_both_sides_and_goes_on_from_what_is_there()
    {
        var study = new SamSpecificity(Seeds: 2, Patients: 5, Epochs: 1, HeldOut: 2);
        var first = study.Run(folder, Job.Quiet(2));
        Assert.Equal(["The networks", "SAM against Grad-CAM by layer: pooled-head", "SAM against Grad-CAM by layer: flatten-head", "SAM against Grad-CAM by layer: residual"], first.Tables.Take(4).Select(table => table.Title));
        Assert.All(first.Tables, table => Assert.All(table.Rows, row => Assert.Equal(table.Columns.Length, row.Length)));
        Assert.Equal(6, first.Tables[0].Rows.Length);
        Assert.Contains(first.Sentences, sentence => sentence.StartsWith("Sensitivity", StringComparison.Ordinal));
        // At the layer that feeds global average pooling the two maps are the same.
        Assert.StartsWith("0.000 [0.000, 0.000]", first.Tables[1].Rows[^1][3], StringComparison.Ordinal);
        var written = Networks();
        var again = study.Run(folder, Job.Quiet(2));
        Assert.Equal(written, Networks());
        Assert.Equal(first.Sentences.AsEnumerable(), again.Sentences);
        Assert.Equal(7, written.Length);
    }

    [Fact]
    public void Cam_is_said_to_be_as_the_formulas_say_only_where_nothing_but_rounding_differs()
    {
        Assert.EndsWith("at most 0.000 in any network, as the formulas say.", SamSpecificityTables.Cam(0.0004), StringComparison.Ordinal);
        Assert.EndsWith("at most 0.010 in any network, although the formulas say that they are one.", SamSpecificityTables.Cam(0.01), StringComparison.Ordinal);
    }

    [Fact]
    public void How_far_few_networks_reach_is_said()
    {
        Assert.Contains("one network", SamSpecificityTables.Reach(1), StringComparison.Ordinal);
        Assert.Contains("2 of 3 parts of the variance", SamSpecificityTables.Reach(3), StringComparison.Ordinal);
        Assert.Contains("never falls below 0.25)", SamSpecificityTables.Reach(3), StringComparison.Ordinal); // heads three times, or tails
    }

    [Fact]
    public void A_difference_is_marked_where_it_survives_the_correction_for_all_others()
    {
        var random = new Randomness(5);
        var tables = Enumerable.Range(0, 2).Select(seed =>
        {
            var table = new ModelInspector.Evaluation.Localisation.DepthTable(["relu"], ["sam", "grad-cam", "saliency", "guided-backprop", "input-times-gradient", "cam"], 12, 0);
            var mask = new NdArray([2, 2], [1, 0, 0, 0]);
            for (var image = 0; image < 12; image++)
            {
                table.Add("relu", "sam", image, new NdArray([1, 2, 2], [1, 0, 0, (float)random.Uniform((ulong)image)]), [mask]);
                table.Add("relu", "grad-cam", image, new NdArray([1, 2, 2], [1, 1, 1, (float)random.Uniform((ulong)(100 + image))]), [mask]);
            }
            return table;
        }).ToList();
        var rows = new SamSpecificityTables([new SeedScores(Architecture.PooledHead, tables, new Bootstrap(5000).Crossed(2, [], 12, 0))]).ByLayers().Single().Rows.Single();
        Assert.EndsWith(" *", rows[3], StringComparison.Ordinal);     // specificity: two of three dark against one at most
        Assert.DoesNotContain("*", rows[7], StringComparison.Ordinal); // sensitivity: always 1
    }

    [Fact]
    public void Means_over_seeds_average_an_image_over_the_networks_first()
    {
        var tables = Enumerable.Range(0, 2).Select(seed =>
        {
            var table = new ModelInspector.Evaluation.Localisation.DepthTable(["a"], ["sam", "grad-cam"], 2, 0);
            var mask = new NdArray([2, 2], [1, 0, 0, 0]);
            table.Add("a", "sam", 0, new NdArray([2, 2, 2], [1, 0, 0, 0, 1, seed, 0, 0]), [mask, mask]);
            table.Add("a", "grad-cam", 0, new NdArray([2, 2, 2], [1, 1, 1, 1, 1, 1, 1, 1]), [mask, mask]);
            return table;
        }).ToList();
        var scores = new SeedScores(Architecture.PooledHead, tables, new Bootstrap().Crossed(2, [], 2, 0));
        var mean = scores.Mean("a", "sam", "specificity", 0.2);
        Assert.Equal((1 + 5.0 / 6) / 2, mean.Value.Estimate, 1e-12); // images: 1 and (1 + 2/3)/2
        Assert.Equal(5.0 / 6, mean.Low, 1e-12);
        Assert.Equal(1, mean.High, 1e-12);
        Assert.Equal(mean.Value.Estimate, scores.Difference(("a", "sam"), ("a", "grad-cam"), "specificity", 0.2).Value.Estimate, 1e-12);
    }

    [Fact]
    public void A_network_of_other_settings_is_never_taken_for_the_one_that_was_asked_for()
    {
        var held = HeldOutCases.Draw(3, 2, Job.Quiet());
        var training = new StudyTraining(5, 1, 3);
        var file = Path.Combine(folder, "pooled-head-1", "network.onnx");
        var first = Trained(training);
        Assert.Equal(first, Trained(training));
        foreach (var other in new[] { training with { WeightDecay = 5 }, training with { DataSeed = 4 } })
        {
            Assert.NotEqual(first, Trained(other));
            Assert.Equal(first, Trained(training)); // trained anew, to the same bits
        }

        string Trained(StudyTraining with)
        {
            with.Network(folder, Architecture.PooledHead, 1, shuffled: false, held, Job.Quiet());
            return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)));
        }
    }

    [Fact]
    public void A_document_holds_everything_that_was_found()
    {
        var result = new StudyResult("Is it?", Provenance.Of("study", 3), [new("Numbers", "What they are.", ["a", "b"], [["1", "2"]])], ["It is."]);
        var text = new StudyDocument(result, "./modelinspector study x", ["About."]).Text;
        foreach (var part in (string[])["# Is it?", "About.", "* It is.", "./modelinspector study x", "## Numbers", "| a | b |", "| 1 | 2 |"]) Assert.Contains(part, text, StringComparison.Ordinal);
    }

    private (string, DateTime)[] Networks() => [.. Directory.GetFiles(folder, "network.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => (file, File.GetLastWriteTimeUtc(file)))];
}
