using ModelInspector.Evaluation.Faithfulness;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Evaluation.Faithfulness;

public sealed class InformationCurveTests
{
    private static readonly double[] Quarters = [0, 0.25, 0.5, 0.75, 1];

    [Fact]
    public void The_mean_of_two_curves_is_their_mean_at_every_point_and_its_area_the_mean_of_their_areas()
    {
        InformationCurve[] curves = [new(Quarters, [0, 0.2, 0.4, 0.6, 1]), new(Quarters, [0, 0.4, 0.4, 0.4, 1])];
        var mean = InformationCurve.Mean(curves, Quarters);
        foreach (var (expected, actual) in new[] { 0, 0.3, 0.4, 0.5, 1 }.Zip(mean)) Assert.Equal(expected, actual, 1e-12);
        // (0 + 0.3)/8 + (0.3 + 0.4)/8 + (0.4 + 0.5)/8 + (0.5 + 1)/8
        Assert.Equal(3.4 / 8, new InformationCurve(Quarters, mean).Area, 1e-12);
        Assert.Equal(3.4 / 8, curves.Average(curve => curve.Area), 1e-12);
    }

    [Fact]
    public void Information_and_answers_are_shares_of_the_way_from_the_empty_image_to_the_whole_one()
    {
        var curve = new InformationCurve([100, 150, 300], [0.2, 0.5, 0.8]);
        Assert.Equal(0.5, curve.At(0.25), 1e-12);
        Assert.Equal(0.25, curve.At(0.125), 1e-12);
        Assert.Equal((0.25 * 0.5 + 0.75 * 1.5) / 2, curve.Area, 1e-12);
    }

    [Fact]
    public void A_curve_never_falls_and_never_leaves_the_range()
    {
        // In the order of information: 1.3 becomes 1, −0.2 stays at what was reached, 2 becomes 1.
        var curve = new InformationCurve([0, 5, 2, 30, 10], [0, 1.3, 0.4, -0.2, 1]);
        Assert.Equal(0.4, curve.At(0.2), 1e-12);
        Assert.Equal(1, curve.At(0.5), 1e-12);
        Assert.Equal(1, curve.At(0.9), 1e-12);
        Assert.Equal((0.2 * 0.4 + 0.3 * 1.4 + 0.5 * 2) / 2, curve.Area, 1e-12);
    }

    [Fact]
    public void Where_nothing_was_added_the_curve_jumps_to_what_was_reached() => Assert.Equal(0.6, new InformationCurve([7, 7, 9], [0, 0.6, 1]).At(0), 1e-12);

    [Fact]
    public void Undefined_curves_say_why()
    {
        RemovalCurves curves = new([0, 0.5, 1], [0.9, 0.5, 0.1], [0.1, 0.5, 0.9], 0) { Information = [10, 20, 30], Right = [0, 1, 1] };
        Assert.Equal(0.75, Measured(curves).Value, 1e-12);
        Assert.Contains("not estimated", Measured(curves with { Information = [] }).Undefined, StringComparison.Ordinal);
        Assert.Contains("not estimated", Measured(curves with { Right = [] }).Undefined, StringComparison.Ordinal);
        Assert.Contains("no more information", Measured(curves with { Information = [30, 20, 30] }).Undefined, StringComparison.Ordinal);
        Assert.Contains("as much as the whole", Measured(curves with { Right = [1, 1, 1] }).Undefined, StringComparison.Ordinal);
        Assert.Contains("NaN", Measured(new([0, 0.5, 1], [0.9, double.NaN, 0.1], [0.1, 0.5, 0.9], 0) { Information = [10, 20, 30], Right = [0, 1, 1] }).Undefined, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_of_one_value_holds_the_least_and_the_more_of_an_image_is_kept_the_more_it_holds()
    {
        var (image, random) = (new NdArray(1, 48, 48), new Randomness(3, 0));
        for (var i = 0; i < image.Values.Length; i++) image.Values[i] = i / 48 + 4 * (float)random.Normal((ulong)i);
        var estimate = EstimatedInformation.For(image);
        double[] sizes = [.. new[] { 0, 0.1, 0.4, 0.7, 1 }.Select(share => estimate.Of(new Imputation().Smooth(image, [.. Enumerable.Range(0, 48 * 48).Select(place => random.Uniform((ulong)(place + 9999)) >= share)])))];
        Assert.Equal(sizes.Order(), sizes);
        Assert.True(sizes[0] < 0.02 * sizes[^1]);
        Assert.Equal(5, sizes.Distinct().Count());
    }

    [Fact]
    public void Versions_of_an_image_are_measured_by_the_images_own_range()
    {
        var image = new NdArray([1, 1, 4], [0, 51, 102, 255]);
        Assert.Equal(EstimatedInformation.For(image).Of(image), new EstimatedInformation(0, 1).Of(new NdArray([1, 1, 4], [-3, 0.2f, 0.4f, 7])));
        Assert.Equal(new EstimatedInformation(0, 1).Of(new NdArray(1, 1, 4)), new EstimatedInformation(5, 5).Of(image));
    }

    [Fact]
    public void A_table_holds_the_mean_over_the_images_that_have_a_curve()
    {
        var table = new InformationTable();
        table.Add("a", "sam", Curves(0.5, 0));
        table.Add("a", "sam", Curves(0.9, 1));
        table.Add("a", "sam", Curves(0.9, 1) with { Right = [1, 1, 1] });
        var lines = table.Csv().ToList();
        Assert.Equal(1 + 2 * 21, lines.Count);
        Assert.Contains("a,sam,accuracy,0.5,0.5,2", lines);
        Assert.Contains(lines, line => line.StartsWith("a,sam,softmax,0.5,", StringComparison.Ordinal) && line.EndsWith(",3", StringComparison.Ordinal));
        Assert.Contains("a,sam,accuracy,1,1,2", lines);
    }

    private static RemovalCurves Curves(double half, double right) => new([0, 0.5, 1], [1, 0.5, 0], [0, half, 1], 0) { Information = [10, 20, 30], Right = [0, right, 1] };

    private static ModelInspector.Evaluation.Score Measured(RemovalCurves curves) => new AccuracyInformation().Measure(curves, Job.Quiet());
}
