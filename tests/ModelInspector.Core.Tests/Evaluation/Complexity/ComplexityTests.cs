using ModelInspector.Evaluation;
using ModelInspector.Evaluation.Complexity;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Evaluation.Complexity;

public sealed class ComplexityTests
{
    [Theory]
    [InlineData(new float[] { 2, 2, 2, 2 }, 0, 1)]
    [InlineData(new float[] { 0, 0, -5, 0 }, 0.75, 0.25)]
    [InlineData(new float[] { 3, 0, 0, 3 }, 0.5, 0.5)]      // shares ½, ½: 1 − 2·(½·1.5 + ½·0.5)/4; entropy ln 2
    [InlineData(new float[] { 0, 1, -3, 0 }, 0.625, 0.4387)] // shares ¼, ¾: 1 − 2·(¼·1.5 + ¾·0.5)/4; entropy ¼ ln 4 + ¾ ln 4⁄3 = 0.5623
    public void An_even_map_is_not_sparse_a_single_position_is_and_between_it_is_as_computed_by_hand(float[] map, double gini, double share)
    {
        Assert.Equal(gini, Of(new GiniSparseness(), map), 1e-9);
        Assert.Equal(share, Of(new EffectiveShare(), map), 1e-4);
    }

    [Fact]
    public void Neither_sees_the_scale_or_the_order_of_a_map()
    {
        foreach (var metric in (IMetric<NdArray>[])[new GiniSparseness(), new EffectiveShare()])
            Assert.Equal(Of(metric, [1, 2, 0, 5]), Of(metric, [50, 0, -20, 10]), 1e-9);
    }

    [Fact]
    public void Undefined_scores_say_why()
    {
        foreach (var metric in (IMetric<NdArray>[])[new GiniSparseness(), new EffectiveShare()])
        {
            Assert.Contains("zero everywhere", metric.Measure(new NdArray(2, 2), Job.Quiet()).Undefined, StringComparison.Ordinal);
            Assert.Contains("NaN", metric.Measure(new NdArray([2], [1, float.NaN]), Job.Quiet()).Undefined, StringComparison.Ordinal);
        }
    }

    private static double Of(IMetric<NdArray> metric, float[] map) => metric.Measure(new NdArray([2, 2], map), Job.Quiet()).Value;
}
