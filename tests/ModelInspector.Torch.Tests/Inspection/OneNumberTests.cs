using System.Collections.Immutable;
using System.Globalization;
using ModelInspector.Activations;
using ModelInspector.Findings;
using ModelInspector.Inspection;
using ModelInspector.Models.Onnx;
using ModelInspector.Numerics;

namespace ModelInspector.Torch.Tests.Inspection;

/// <summary>
/// A network that gives one number, the brightness of a corner: forty pictures whose corner is brighter from one to the next, and whose mask is elsewhere.
/// </summary>
public sealed class OneNumberTests : IDisposable
{
    private const int Samples = 40;
    private const int Side = 16;

    private readonly string folder = Directory.CreateTempSubdirectory("modelinspector-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void It_has_a_column_of_numbers_instead_of_classes()
    {
        var table = Inspected().OfType<SampleTable>().Single();
        Assert.All(table.Predicted, predicted => Assert.Equal(-1, predicted));
        Assert.All(table.Labels, label => Assert.Equal(-1, label));
        Assert.All(table.Confidence, confidence => Assert.True(float.IsNaN(confidence)));
        Assert.Equal(["output", "label"], table.Columns.Select(column => column.Name));
        var numbers = table.Columns[0].Values.Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(numbers.Order(), numbers);
        Assert.True(numbers[^1] > numbers[0]);
    }

    [Fact]
    public void A_region_that_moves_the_number_is_found_although_no_decision_can_flip()
    {
        var verdict = Inspected().OfType<Verdict>().Single();
        Assert.Equal(VerdictState.ShortcutFound, verdict.State);
        Assert.Matches("^Shortcut found: \\d+ % of outputs moved by half their standard deviation or more when a patch at the top left was replaced\\.$", verdict.Title);
    }

    [Fact]
    public void Its_verdict_says_whether_the_methods_agree()
    {
        var findings = Inspected();
        var agreement = findings.OfType<MapSimilarity>().Single(finding => finding.From.Method == "method-agreement");
        Assert.All(agreement.Rows, row => Assert.InRange(row.Value.Estimate, 0, 1));
        var check = findings.OfType<Verdict>().Single().Checks.Single(check => check.Name == "agreement of methods");
        Assert.Equal(new MethodTrust().Of(agreement, "images"), check);
    }

    [Fact]
    public void Images_of_one_class_alone_cannot_be_told_about()
    {
        var verdict = Inspected(outputs: 2).OfType<Verdict>().Single();
        Assert.Equal(VerdictState.CannotTell, verdict.State);
        Assert.Contains("all images are of one class", verdict.Title, StringComparison.Ordinal);
        Assert.DoesNotContain(verdict.Tests, test => test.Name.StartsWith("replacing", StringComparison.Ordinal));
    }

    [Fact]
    public void A_network_that_gives_no_finite_number_is_refused_with_the_sample_named() =>
        Assert.Matches("^The network gives (Infinity|∞) for [0-9]+; a finite number is needed", Assert.Throws<InputException>(() => Inspected(weight: 3e38f)).Message);

    [Fact]
    public void A_number_has_moved_when_it_changes_by_half_its_deviation_and_is_decided_by_the_median()
    {
        var pass = new PassResult([-1, -1, -1, -1], [1, 3, 5, 7], null!, null!, null!, [], null!);
        Assert.Equal(Math.Sqrt(5) / 2, pass.Step!.Value, 1e-12);
        Assert.Equal([0, 0, 1, 1], pass.Decided.AsEnumerable());
        Assert.Null(new PassResult([0, 1], [0.5f, 0.5f], null!, null!, null!, [], null!).Step);
    }

    private ImmutableArray<Finding> Inspected(int outputs = 1, float weight = 1)
    {
        var (data, masks, labels) = (Path.Combine(folder, "pictures.npy"), Path.Combine(folder, "masks.npy"), Path.Combine(folder, "labels.csv"));
        Npy.Write(data, Squares(4, i => (i + 1) / (float)Samples).Pictures);
        Npy.Write(masks, Squares(10, _ => 1).Masks);
        File.WriteAllLines(labels, ["label", .. Enumerable.Repeat("only", Samples)]);
        return ModelInspector.Inspection.Inspection.Run(
            new InspectionRequest(Network(outputs, weight), data) { Masks = masks, Labels = labels, Layers = "features", UnitCards = 0, Embeddings = [], LastLayerEmbeddings = [], UnitEmbeddings = [], Clusterings = [] },
            new RunDirectory(Path.Combine(folder, "run")), Job.Quiet(1));
    }

    // A square of five positions a side, its middle at a place on the diagonal.
    private static (NdArray Pictures, NdArray Masks) Squares(int middle, Func<int, float> bright)
    {
        var (pictures, masks) = (new NdArray(Samples, 1, Side, Side), new NdArray(Samples, Side, Side));
        for (var sample = 0; sample < Samples; sample++)
            for (var y = middle - 2; y <= middle + 2; y++)
                for (var x = middle - 2; x <= middle + 2; x++) pictures[sample][y * Side + x] = masks[sample][y * Side + x] = bright(sample);
        return (pictures, masks);
    }

    private string Network(int outputs, float weight)
    {
        var net = new OnnxBuilder("number");
        var x = net.Input("image", [-1, 1, Side, Side]);
        net.Node("Conv", [x, net.Weight("conv.weight", [2, 1, 3, 3], (ReadOnlySpan<float>)[.. Enumerable.Repeat(1f, 9), .. Enumerable.Repeat(0.5f, 9)])], ["c"], "/conv/Conv", "", ("pads", new long[] { 1, 1, 1, 1 }));
        net.Node("Relu", ["c"], ["f"], "/features/Relu");
        net.Node("GlobalAveragePool", ["f"], ["p"], "/pool/GlobalAveragePool");
        net.Node("Flatten", ["p"], ["v"], "/flatten/Flatten");
        float[] weights = outputs == 1 ? [weight, weight] : [1, 0, 1, 0.5f];
        net.Node("Gemm", ["v", net.Weight("fc.weight", [2, outputs], (ReadOnlySpan<float>)weights)], ["scores"], "/fc/Gemm");
        net.Output("scores").Save(Path.Combine(folder, "number.onnx"));
        return Path.Combine(folder, "number.onnx");
    }
}
