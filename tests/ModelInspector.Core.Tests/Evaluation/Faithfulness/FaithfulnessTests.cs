using ModelInspector.Evaluation;
using ModelInspector.Evaluation.Faithfulness;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Evaluation.Faithfulness;

public sealed class FaithfulnessTests
{
    [Fact]
    public void Road_compares_taking_the_lowest_away_with_taking_the_highest_away_at_the_same_share()
    {
        // Shares ¼, ½, ¾: lowest ¼ gone = highest ¾ kept.
        double[] removed = [1, 0.4, 0.2, 0.1, 0];
        double[] kept = [0, 0.6, 0.8, 0.9, 1];
        Assert.Equal((0.9 - 0.4 + 0.8 - 0.2 + 0.6 - 0.1) / 3, Of(new Road(), Curves(removed, kept)), 1e-12);
        Assert.Equal(0, Of(new Road(), Curves([1, 0.7, 0.4, 0.3, 0], [0, 0.3, 0.4, 0.7, 1])), 1e-12); // no order is better than the other
        Assert.Equal(1, Of(new Road(), Curves([1, 0, 0, 0, 0], [0, 1, 1, 1, 1])), 1e-12);
        Assert.Equal(-1, Of(new Road(), Curves([1, 1, 1, 1, 0], [0, 0, 0, 0, 1])), 1e-12);
    }

    [Fact]
    public void Road_reads_between_the_points_where_shares_are_not_even()
    {
        // Only share 0.2 lies inside; the lowest 0.2 gone = highest 0.8 kept, three quarters of the way from 0.2 to 1: 0.4 + 0.75 · 0.6.
        var curves = new RemovalCurves([0, 0.2, 1], [1, 0.5, 0], [0, 0.4, 1], 0);
        Assert.Equal(0.85 - 0.5, Of(new Road(), curves), 1e-12);
    }

    [Fact]
    public void A_map_that_predicts_every_change_is_not_infidel_and_one_that_predicts_none_is_by_one()
    {
        Assert.Equal(0, Effects(new Infidelity(), [1, 2, 3], [10, 20, 30]), 1e-12);
        Assert.Equal(1, Effects(new Infidelity(), [0, 0, 0], [10, 20, 30]), 1e-12);
        Assert.Equal(1, Effects(new Infidelity(), [1, -1], [1, 1]), 1e-12); // no factor helps
        // β = (1·2 + 1·0)/(1 + 1) = 1: (1 − 2)² + (1 − 0)² = 2 of 4.
        Assert.Equal(0.5, Effects(new Infidelity(), [1, 1], [2, 0]), 1e-12);
    }

    [Fact]
    public void Undefined_scores_say_why()
    {
        foreach (var metric in (IMetric<RemovalCurves>[])[new Deletion(), new Insertion(), new Road(), new AverageDrop(), new IncreaseInConfidence(), new AccuracyInformation(), new SoftmaxInformation()])
            Assert.Contains("NaN", metric.Measure(Curves([1, double.NaN, 0]), Job.Quiet()).Undefined, StringComparison.Ordinal);
        Assert.Contains("between", new Road().Measure(new RemovalCurves([0, 1], [1, 0], [0, 1], 0), Job.Quiet()).Undefined, StringComparison.Ordinal);
        Assert.Contains("no probability", new AverageDrop().Measure(Curves([0, 0, 0]), Job.Quiet()).Undefined, StringComparison.Ordinal);
        Assert.Contains("does not change", new Infidelity().Measure(new([1, 2], [0, 0]), Job.Quiet()).Undefined, StringComparison.Ordinal);
        Assert.Contains("fewer than two", new Infidelity().Measure(new([1], [1]), Job.Quiet()).Undefined, StringComparison.Ordinal);
        Assert.Contains("nothing differs", new FaithfulnessCorrelation().Measure(new([1, 1], [1, 2]), Job.Quiet()).Undefined, StringComparison.Ordinal);
    }

    [Fact]
    public void Curves_that_do_not_reach_from_nothing_to_everything_are_refused() =>
        Assert.Throws<ArgumentException>(() => new RemovalCurves([0, 0.5], [1, 0], [0, 1], 0));

    [Fact]
    public void Positions_go_from_the_highest_down_and_equal_ones_by_chance()
    {
        Assert.Equal([3, 1, 0, 2], RemovalOrder.Of(new NdArray([2, 2], [0.5f, 0.7f, -1, 2]), 0));
        var ties = new NdArray(10, 10);
        Assert.Equal(RemovalOrder.Of(ties, 1), RemovalOrder.Of(ties, 1));
        Assert.NotEqual(RemovalOrder.Of(ties, 1), RemovalOrder.Of(ties, 2));
        Assert.NotEqual(Enumerable.Range(0, 100), RemovalOrder.Of(ties, 1));
        Assert.Equal(Enumerable.Range(0, 100), RemovalOrder.Of(ties, 1).Order());
    }

    [Fact]
    public void Linear_imputation_restores_a_slope_in_every_channel()
    {
        var image = new NdArray(2, 12, 12);
        for (var i = 0; i < 144; i++) (image.Values[i], image.Values[144 + i]) = (i / 12 + 2 * (i % 12), 5 - i / 12);
        var removed = Enumerable.Range(0, 144).Select(i => i / 12 is > 2 and < 8 && i % 12 is > 3 and < 10).ToArray();
        var filled = new Imputation(Noise: 0).Apply(image, removed, 0);
        for (var i = 0; i < image.Values.Length; i++) Assert.Equal(image.Values[i], filled.Values[i], 0.03f);
    }

    [Fact]
    public void Linear_imputation_of_one_position_is_the_weighted_mean_of_its_neighbours()
    {
        float[] values = [1, 2, 3, 4, 100, 6, 7, 8, 10];
        var filled = new Imputation(Noise: 0).Apply(new NdArray([1, 3, 3], values), [.. Enumerable.Range(0, 9).Select(i => i == 4)], 0);
        Assert.Equal((2 * (2 + 4 + 6 + 8) + 1 + 3 + 7 + 10) / 12f, filled.Values[4], 1e-5f); // direct neighbours 1/6, diagonal 1/12
        Assert.Equal(values.Where((_, i) => i != 4), filled.Values.Where((_, i) => i != 4));
    }

    [Fact]
    public void A_volume_is_filled_from_all_sides()
    {
        var image = new NdArray(1, 3, 3, 3);
        for (var i = 0; i < 27; i++) image.Values[i] = i / 9;
        var filled = new Imputation(Noise: 0).Apply(image, [.. Enumerable.Range(0, 27).Select(i => i == 13)], 0);
        Assert.Equal(1, filled.Values[13], 1e-5f);
    }

    [Theory]
    [InlineData(Fill.Mean, 2)]
    [InlineData(Fill.Zero, 0)]
    public void Plain_fills_put_in_what_they_say(Fill fill, float expected)
    {
        var filled = new Imputation(fill).Apply(new NdArray([1, 1, 4], [1, 3, 50, 50]), [false, false, true, true], 0);
        Assert.Equal([1, 3, expected, expected], filled.Values);
    }

    [Fact]
    public void Where_nothing_is_kept_the_images_mean_is_put_in_with_noise()
    {
        var image = new NdArray([1, 1, 4], [0, 0, 10, 10]);
        Assert.All(new Imputation(Noise: 0).Apply(image, [true, true, true, true], 0).Values, value => Assert.Equal(5, value));
        var noisy = new Imputation(Noise: 0.01).Apply(image, [true, true, true, true], 0).Values;
        Assert.All(noisy, value => Assert.InRange(value, 4.5f, 5.5f));
        Assert.Equal(4, noisy.Distinct().Count());
    }

    private static double Of(IMetric<RemovalCurves> metric, RemovalCurves curves) => metric.Measure(curves, Job.Quiet()).Value;

    // What lies between the two ends of a slope is on it: each of its values is the weighted mean of those around it. A hole this long needs some hundred rounds.
    [Fact]
    public void A_long_hole_in_a_slope_is_filled_with_the_slope()
    {
        const int length = 900;
        var image = new NdArray([1, 3, length], [.. Enumerable.Range(0, 3 * length).Select(i => (float)(i % length))]);
        var filled = new Imputation(Noise: 0).Apply(image, [.. Enumerable.Range(0, 3 * length).Select(i => i % length is > 0 and < length - 1)], 0);
        Assert.True(filled.Values.Zip(image.Values, (a, b) => Math.Abs(a - b)).Max() < 0.01 * length);
    }

    private static double Effects(IMetric<RemovalEffects> metric, double[] predicted, double[] observed) =>
        metric.Measure(new([.. predicted], [.. observed]), Job.Quiet()).Value;

    private static RemovalCurves Curves(double[] removed, double[]? kept = null) =>
        new([.. Enumerable.Range(0, removed.Length).Select(i => i / (removed.Length - 1.0))], [.. removed], [.. kept ?? removed.Reverse()], 0);
}
