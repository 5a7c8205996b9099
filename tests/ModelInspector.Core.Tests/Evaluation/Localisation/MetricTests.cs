using ModelInspector.Evaluation;
using ModelInspector.Evaluation.Localisation;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Evaluation.Localisation;

public sealed class MetricTests
{
    // Ten positions, four inside. Value: inside?
    private static readonly float[] Values = [1.0f, 0.8f, 0.5f, 0.5f, 0.3f, 0.2f, 0.15f, 0.1f, 0f, 0f];
    private static readonly float[] Mask = [1, 0, 1, 0, 1, 0, 0, 0, 1, 0];

    [Theory]
    [InlineData(0.1, 1.0 / 6, 0.75)] // lit: the first eight, five of them outside
    [InlineData(0.2, 3.0 / 6, 0.75)] // lit: the first six, three of them outside
    [InlineData(0.5, 4.0 / 6, 0.5)]  // lit: the first four, two of them outside
    [InlineData(1.0, 1.0, 0.25)]     // lit: the first, inside
    public void Specificity_and_sensitivity_are_counted_at_a_fraction_of_the_maximum(double threshold, double specificity, double sensitivity)
    {
        Assert.Equal(specificity, Of(new Specificity(threshold)), 1e-12);
        Assert.Equal(sensitivity, Of(new Sensitivity(threshold)), 1e-12);
    }

    [Theory]
    [InlineData(0.25, 1.0)]      // 1 alone
    [InlineData(0.5, 4.0 / 6)]   // down to 0.5, where an inside and an outside position enter together
    [InlineData(0.75, 4.0 / 6)]  // down to 0.3
    [InlineData(0.8, 0.0)]       // needs the inside position at zero, and so all
    public void Specificity_at_a_sensitivity_takes_the_first_level_that_reaches_it(double held, double expected) =>
        Assert.Equal(expected, Of(new SpecificityAtSensitivity(held)), 1e-12);

    [Fact]
    public void Energy_inside_is_its_share_of_the_sum()
    {
        // Inside 1 + 0.5 + 0.3 + 0 of 3.55; the mask is 0.4 of the positions.
        Assert.Equal(1.8 / 3.55, Of(new EnergyInside()), 1e-7);
        Assert.Equal(1.8 / 3.55 / 0.4, Of(new EnergyConcentration()), 1e-7);
    }

    [Fact]
    public void Auroc_counts_pairs_with_ties_half() =>
        // 1 beats 6; 0.5 beats 4 and ties 1; 0.3 beats 4; 0 ties 1: 6 + 4.5 + 4 + 0.5 = 15 of 24.
        Assert.Equal(15.0 / 24, Of(new Auroc()), 1e-15);

    [Fact]
    public void Average_precision_sums_precision_at_each_step_of_recall() =>
        // Steps at 1 (1/1), at 0.5 (2/4), at 0.3 (3/5), at 0 (4/10).
        Assert.Equal((1 + 0.5 + 0.6 + 0.4) / 4, Of(new AveragePrecision()), 1e-15);

    [Fact]
    public void The_pointing_game_looks_at_the_maximum_only()
    {
        Assert.Equal(1, Of(new PointingGame()));
        Assert.Equal(0, Of(new PointingGame(), [0, 1, 0.5f], [1, 0, 1]));
        Assert.Equal(0.5, Of(new PointingGame(), [1, 1, 0.5f], [1, 0, 1]));
    }

    public static TheoryData<string, IMetric<MaskedMap>> Metrics
    {
        get
        {
            var metrics = new TheoryData<string, IMetric<MaskedMap>>();
            foreach (var metric in DepthMetric.All) metrics.Add(metric.Label, metric.Metric);
            return metrics;
        }
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void A_perfect_map_scores_best(string name, IMetric<MaskedMap> metric) =>
        Assert.Equal(name == "energy-concentration" ? 2 : 1, Of(metric, [1, 1, 0, 0], [1, 1, 0, 0]), 1e-12);

    [Theory]
    [MemberData(nameof(Metrics))]
    public void A_map_that_lights_the_outside_only_scores_worst(string name, IMetric<MaskedMap> metric) =>
        Assert.Equal(name == "average-precision" ? 0.5 : 0, Of(metric, [0, 0, 1, 1], [1, 1, 0, 0]), 1e-12);

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Undefined_scores_say_why_instead_of_inventing_a_number(string name, IMetric<MaskedMap> metric)
    {
        Says("the mask is empty", metric, [0, 1], [0, 0]);
        Says("the mask covers everything", metric, [0, 1], [1, 1]);
        Says("the map is zero everywhere", metric, [0, 0], [1, 0]);
        Says("the map is zero everywhere", metric, [-1, -2], [1, 0]);
        Says("NaN", metric, [float.NaN, 1], [1, 0]);
        Says("NaN", metric, [float.PositiveInfinity, 1], [1, 0]);
        if (name is "AUROC" or "average-precision" or "pointing-game") Says("the map is the same everywhere", metric, [2, 2], [1, 0]);
    }

    [Fact]
    public void A_constant_map_lights_everything()
    {
        Assert.Equal(0, Of(new Specificity(), [2, 2, 2], [1, 0, 0]));
        Assert.Equal(1, Of(new Sensitivity(), [2, 2, 2], [1, 0, 0]));
        Assert.Equal(1, Of(new EnergyConcentration(), [2, 2, 2], [1, 0, 0]), 1e-12);
    }

    [Theory]
    [MemberData(nameof(Metrics))]
    public void No_metric_sees_the_scale_of_a_map(string name, IMetric<MaskedMap> metric) =>
        Assert.True(Math.Abs(Of(metric, Values, Mask) - Of(metric, [.. Values.Select(value => value * 4096)], Mask)) < 1e-12, name);

    [Theory]
    [InlineData(1, 2)]
    [InlineData(7, 3)]
    [InlineData(500, 4)]
    [InlineData(700, 300)]
    public void Ranks_agree_with_a_slow_replica_in_double(int positions, int levels)
    {
        for (var seed = 0; seed < 3; seed++)
        {
            var random = new Randomness((ulong)seed, 77);
            float[] map = [.. Enumerable.Range(0, positions + 2).Select(i => random.Below(levels, (ulong)i) * 0.37f)];
            float[] mask = [1, 0, .. Enumerable.Range(0, positions).Select(i => (float)random.Below(2, (ulong)(i + positions + 7)))];
            (map[0], map[1]) = (0.1f, 0.2f);
            Assert.Equal(SlowAuroc(map, mask), Of(new Auroc(), map, mask), 1e-12);
            Assert.Equal(SlowAveragePrecision(map, mask), Of(new AveragePrecision(), map, mask), 1e-12);
        }
    }

    [Fact]
    public void Keys_are_sorted_as_by_comparison()
    {
        var random = new Randomness(3);
        foreach (var length in new[] { 0, 1, 2, 1000, 16384 })
        {
            uint[] keys = [.. Enumerable.Range(0, length).Select(i => (uint)(random.Bits((ulong)i) >> (i % 3 == 0 ? 32 : 50)))];
            var expected = keys.Order().ToArray();
            RadixOrder.Sort(keys, new uint[length]);
            Assert.Equal(expected, keys);
        }
    }

    [Fact]
    public void Every_metric_is_in_the_catalog_with_its_source() =>
        Assert.Equal(
            DepthMetric.All.Select(metric => metric.Name).Distinct().Order(StringComparer.Ordinal),
            Catalog.Of<IMetric<MaskedMap>>().Where(entry => entry.Source != "" && entry.Summary != "").Select(entry => entry.Name));

    [Fact]
    public void A_map_of_another_shape_than_its_mask_is_refused() =>
        Assert.Contains("Up-sample", Assert.Throws<InputException>(() => new MaskedMap(new NdArray(2, 2), new NdArray(4, 4))).Message, StringComparison.Ordinal);

    private static double Of(IMetric<MaskedMap> metric) => Of(metric, Values, Mask);

    private static double Of(IMetric<MaskedMap> metric, float[] values, float[] mask)
    {
        var score = metric.Measure(new MaskedMap(new NdArray([1, values.Length], values), new NdArray([1, mask.Length], mask)), Job.Quiet());
        Assert.Null(score.Undefined);
        return score.Value;
    }

    private static void Says(string reason, IMetric<MaskedMap> metric, float[] values, float[] mask)
    {
        var score = metric.Measure(new MaskedMap(new NdArray([1, values.Length], values), new NdArray([1, mask.Length], mask)), Job.Quiet());
        Assert.Contains(reason, score.Undefined, StringComparison.Ordinal);
        Assert.True(double.IsNaN(score.Value));
    }

    private static double SlowAuroc(float[] map, float[] mask)
    {
        double won = 0, pairs = 0;
        for (var i = 0; i < map.Length; i++)
            for (var o = 0; o < map.Length; o++)
                if (mask[i] > 0 && mask[o] == 0) (won, pairs) = (won + (map[i] > map[o] ? 1 : map[i] == map[o] ? 0.5 : 0), pairs + 1);
        return won / pairs;
    }

    private static double SlowAveragePrecision(float[] map, float[] mask)
    {
        double sum = 0, before = 0, inside = mask.Count(value => value > 0);
        foreach (var threshold in map.Distinct().OrderDescending())
        {
            double lit = map.Count(value => value >= threshold), right = map.Where((value, i) => value >= threshold && mask[i] > 0).Count();
            sum += (right - before) / inside * (right / lit);
            before = right;
        }
        return sum;
    }
}
