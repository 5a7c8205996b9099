using ModelInspector.Findings;
using ModelInspector.Inspection;

namespace ModelInspector.Cli.Tests;

/// <summary>What the demo must say about its two networks, each of which is known inside out.</summary>
public class SampleStoryTests
{
    private const double Threshold = 0.2;

    [Fact]
    public void The_honest_network_takes_no_shortcut_and_sam_is_more_specific_than_grad_cam_where_it_begins()
    {
        using var scratch = new Scratch();
        var (verdict, depth) = Inspected(Sample.Clean, scratch);
        Assert.Equal(VerdictState.NoneFound, verdict.State);
        var (first, last) = (depth.Layers[0], depth.Layers[^1]);
        Assert.True(Value(depth, first, "sam", "specificity").Low > Value(depth, first, "grad-cam", "specificity").High);
        Assert.True(Value(depth, first, "sam", "sensitivity").High < Value(depth, first, "grad-cam", "sensitivity").Low);
        Assert.Equal(Value(depth, last, "grad-cam", "specificity").Estimate, Value(depth, last, "sam", "specificity").Estimate, 6);
        Assert.Contains(depth.Rows, row => row.Control && row.Method == "random");
    }

    [Fact]
    public void The_network_that_reads_the_marker_is_caught_in_the_corner_with_the_harm_to_the_worst_group()
    {
        using var scratch = new Scratch();
        var (verdict, _) = Inspected(Sample.Shortcut, scratch);
        Assert.Equal(VerdictState.ShortcutFound, verdict.State);
        Assert.Equal(("marker", "contradicts"), (verdict.Harm[0].Column, verdict.Harm[0].Value));
        var region = Activations.Npy.Read(Path.Combine(scratch["run"], verdict.Region!.File));
        var inCorner = region.Values.Index().Where(at => at.Item > 0).All(at => at.Index / 128 < 32 && at.Index % 128 < 40);
        Assert.True(inCorner, "the region that was replaced is not in the marker's corner");
    }

    private static (Verdict Verdict, SpecificityByDepth Depth) Inspected(string model, Scratch scratch)
    {
        var request = new InspectionRequest(model, Sample.Labels) { Embeddings = [], LastLayerEmbeddings = [], UnitEmbeddings = [], Clusterings = [], Examples = 0 };
        var findings = Inspection.Inspection.Run(request, new RunDirectory(scratch["run"]), Job.Quiet());
        return (findings.OfType<Verdict>().Single(), findings.OfType<SpecificityByDepth>().Single());
    }

    private static Evaluation.Interval Value(SpecificityByDepth depth, string layer, string method, string metric) =>
        depth.Rows.Single(row => row.Layer == layer && row.Method == method && row.Metric == metric && row.Threshold == Threshold).Value;
}
