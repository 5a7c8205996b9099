using ModelInspector.Evaluation;
using ModelInspector.Evaluation.Sanity;
using ModelInspector.Findings;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Evaluation.Sanity;

public sealed class MapPairTests
{
    [Fact]
    public void Rank_correlation_with_ties_is_the_one_computed_by_hand()
    {
        // Ranks 0, 1, 2, 3 against 0.5, 0.5, 3, 2: products of what they differ from 1.5 by: 1.5 + 0.5 + 0.75 + 0.75 = 3.5, norms √5 and √4.5.
        Assert.Equal(3.5 / Math.Sqrt(5 * 4.5), Of(new RankCorrelation(), [1, 2, 3, 4], [0, 0, 9, 5]), 1e-12);
        // 0, 1, 2, 3 against 1, 3, 0, 2: products of what they differ from 1.5 by: 0.75 − 0.75 − 0.75 + 0.75.
        Assert.Equal(0, Of(new RankCorrelation(), [1, 2, 3, 4], [2, 4, 1, 3]), 1e-12);
    }

    [Fact]
    public void Structural_similarity_is_one_for_the_same_map_at_any_scale() =>
        Assert.Equal(1, Of(new StructuralSimilarity(2), [0, 0.5f, 1, 0.25f], [0, 4, 8, 2]), 1e-12);

    [Fact]
    public void Structural_similarity_of_one_window_is_the_one_computed_by_hand()
    {
        // (1, 0, 0, 0) and (0, 0, 0, 1): means ¼, variances ¼ − 1/16 = 3/16, covariance −1/16.
        var (c1, c2) = (1e-4, 9e-4);
        var expected = (2.0 / 16 + c1) * (-2.0 / 16 + c2) / ((2.0 / 16 + c1) * (6.0 / 16 + c2));
        Assert.Equal(expected, Of(new StructuralSimilarity(2), [1, 0, 0, 0], [0, 0, 0, 1]), 1e-12);
    }

    [Fact]
    public void Structural_similarity_divides_a_map_by_its_largest_absolute_value()
    {
        // (0, 1, 2, 3, 4, 4, 5, −1) becomes (0, 0.2, 0.4, 0.6, 0.8, 0.8, 1, −0.2). In windows of one position nothing varies, and against a map of ones each gives (2m + c)/(m² + 1 + c).
        NdArray map = new([1, 8], [0, 1, 2, 3, 4, 4, 5, -1]), even = new([1, 8], [7, 7, 7, 7, 7, 7, 7, 7]);
        double[] scaled = [0, 0.2, 0.4, 0.6, 0.8, 0.8, 1, -0.2];
        Assert.Equal(scaled.Average(m => (2 * m + 1e-4) / (m * m + 1 + 1e-4)), new StructuralSimilarity(1).Measure(new(map, even), Job.Quiet()).Value, 1e-12);
        Assert.Equal(1, new StructuralSimilarity(3).Measure(new(map, new NdArray([1, 8], [.. scaled.Select(value => (float)value)])), Job.Quiet()).Value, 1e-6);
    }

    [Fact]
    public void Structural_similarity_equals_a_slow_replica()
    {
        var (one, other) = (ControlMaps(1), ControlMaps(2));
        Assert.Equal(Slow(one, other, 3), new StructuralSimilarity(3).Measure(new(one, other), Job.Quiet()).Value, 1e-10);
    }

    [Theory]
    [InlineData(new float[] { 0, 0, 0, 0 }, "zero everywhere")]
    [InlineData(new float[] { 1, float.NaN, 0, 0 }, "NaN")]
    public void Maps_that_cannot_be_compared_say_why(float[] other, string reason)
    {
        foreach (var metric in (IMetric<MapPair>[])[new RankCorrelation(), new StructuralSimilarity()])
            Assert.Contains(reason, metric.Measure(Pair([1, 2, 3, 4], other), Job.Quiet()).Undefined, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_of_one_value_has_no_order() =>
        Assert.Equal("a map is the same everywhere", new RankCorrelation().Measure(Pair([1, 2, 3, 4], [3, 3, 3, 3]), Job.Quiet()).Undefined);

    [Fact]
    public void Maps_of_two_shapes_are_refused() =>
        Assert.Contains("same shape", Assert.Throws<InputException>(() => new MapPair(new NdArray(2, 2), new NdArray(2, 3))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_cascade_that_changes_nothing_fails_and_one_that_changes_everything_passes()
    {
        var table = new RandomisationTable([new("fc", 0.2), new("conv", 1)], 2);
        for (var image = 0; image < 2; image++)
        {
            table.Add(0, "relu", "stuck", image, Pair([1, 2, 3, 4], [1, 2, 3, 4]));
            table.Add(1, "relu", "stuck", image, Pair([1, 2, 3, 4], [1, 2, 4, 3]));
            table.Add(0, "relu", "free", image, Pair([1, 2, 3, 4], [1, 2, 3, 4]));
            table.Add(1, "relu", "free", image, Pair([1, 2, 3, 4], [2, 4, 1, 3]));
        }
        var finding = table.Finish(Provenance.Of("parameter-randomisation"), new Bootstrap(), []);
        Assert.Equal(1, finding.Rows.Single(row => row is { Stage: "fc", Method: "free", Metric: "rank-correlation" }).Value.Estimate, 1e-12);
        Assert.Equal(0, finding.Rows.Single(row => row is { Stage: "conv", Method: "free", Metric: "rank-correlation" }).Value.Estimate, 1e-12);
        Assert.False(new RandomisationTrust().Of(finding, "stuck").Passed);
        Assert.Contains("0.80", new RandomisationTrust().Of(finding, "stuck").Sentence, StringComparison.Ordinal);
        Assert.True(new RandomisationTrust().Of(finding, "free").Passed);
        Assert.Null(new RandomisationTrust().Of(finding, "never drawn").Passed);
    }

    [Fact]
    public void A_map_that_does_not_notice_that_the_upper_layers_are_random_fails()
    {
        var table = new RandomisationTable([new("fc", 0.2) { Intact = new HashSet<string> { "input", "relu" } }, new("conv", 1) { Intact = new HashSet<string> { "input" } }], 2);
        for (var image = 0; image < 2; image++)
            foreach (var layer in (string[])["relu", "fc"])
            {
                table.Add(0, layer, "blind above", image, Pair([1, 2, 3, 4], layer == "relu" ? [1, 2, 4, 3] : [4, 3, 1, 2]));
                table.Add(1, layer, "blind above", image, Pair([1, 2, 3, 4], [4, 3, 1, 2]));
                table.Add(0, layer, "free", image, Pair([1, 2, 3, 4], layer == "relu" ? [2, 4, 1, 3] : [1, 2, 3, 4]));
                table.Add(1, layer, "free", image, Pair([1, 2, 3, 4], [2, 4, 1, 3]));
            }
        var finding = table.Finish(Provenance.Of("parameter-randomisation"), new Bootstrap(), []);
        var blind = new RandomisationTrust().Of(finding, "blind above");
        Assert.False(blind.Passed);
        Assert.Equal("Maps of blind above keep their order although all weights from `fc` to the end are randomised, at 1 of 1 layer before them: `relu` (rank correlation 0.80).", blind.Sentence);
        var free = new RandomisationTrust().Of(finding, "free"); // what it keeps at `fc` lies behind what was replaced
        Assert.True(free.Passed);
        Assert.Contains("with only those from `fc` to the end replaced at most 0.00, at `relu`", free.Sentence, StringComparison.Ordinal);
    }

    private static double Of(IMetric<MapPair> metric, float[] one, float[] other)
    {
        var score = metric.Measure(Pair(one, other), Job.Quiet());
        Assert.Null(score.Undefined);
        return score.Value;
    }

    private static MapPair Pair(float[] one, float[] other) => new(new NdArray([2, 2], one), new NdArray([2, 2], other));

    private static NdArray ControlMaps(ulong seed) => ModelInspector.Evaluation.Localisation.ControlMaps.Random([5, 6], seed, 0);

    private static double Slow(NdArray one, NdArray other, int window)
    {
        var (a, b) = (one.Values.Select(value => value / (double)one.Values.Max()).ToArray(), other.Values.Select(value => value / (double)other.Values.Max()).ToArray());
        var values = new List<double>();
        for (var row = 0; row + window <= 5; row++)
            for (var column = 0; column + window <= 6; column++)
            {
                var places = Enumerable.Range(0, window * window).Select(i => (row + i / window) * 6 + column + i % window).ToArray();
                var (ma, mb) = (places.Average(p => a[p]), places.Average(p => b[p]));
                var (va, vb, cov) = (places.Average(p => (a[p] - ma) * (a[p] - ma)), places.Average(p => (b[p] - mb) * (b[p] - mb)), places.Average(p => (a[p] - ma) * (b[p] - mb)));
                values.Add((2 * ma * mb + 1e-4) * (2 * cov + 9e-4) / ((ma * ma + mb * mb + 1e-4) * (va + vb + 9e-4)));
            }
        return values.Average();
    }
}
