using ModelInspector.Evaluation.Stability;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Evaluation.Stability;

public sealed class StabilityTests
{
    [Fact]
    public void A_map_that_stays_has_sensitivity_zero_and_repeats_perfectly()
    {
        var versions = Versions([3, 4, 0], [3, 4, 0], [3, 4, 0]);
        Assert.Equal(0, new MaxSensitivity().Measure(versions, Job.Quiet()).Value);
        Assert.Equal(1, new Repeatability().Measure(versions, Job.Quiet()).Value, 1e-12);
    }

    [Fact]
    public void A_map_that_vanishes_has_sensitivity_one_and_the_largest_change_counts()
    {
        Assert.Equal(1, new MaxSensitivity().Measure(Versions([3, 4, 0], [0, 0, 0]), Job.Quiet()).Value, 1e-12);
        // ‖(0, 0, 2)‖ / ‖(3, 4, 0)‖ = 0.4; the other version changes by 0.2.
        Assert.Equal(0.4, new MaxSensitivity().Measure(Versions([3, 4, 0], [3, 4, 2], [2, 4, 0]), Job.Quiet()).Value, 1e-12);
    }

    [Fact]
    public void Repeatability_is_the_mean_rank_correlation_with_the_versions()
    {
        // The same order (1), the reversed one (−1), and one neighbouring swap of three (0.5).
        Assert.Equal(0, new Repeatability().Measure(Versions([1, 2, 3], [4, 5, 6], [3, 2, 1]), Job.Quiet()).Value, 1e-12);
        Assert.Equal(0.5, new Repeatability().Measure(Versions([1, 2, 3], [1, 3, 2]), Job.Quiet()).Value, 1e-12);
        Assert.Equal(-1, new Repeatability().Measure(Versions([1, 2, 3], [3, 2, 1]), Job.Quiet()).Value, 1e-12);
    }

    [Fact]
    public void Undefined_scores_say_why()
    {
        Assert.Contains("no other version", new MaxSensitivity().Measure(Versions([1, 2]), Job.Quiet()).Undefined, StringComparison.Ordinal);
        Assert.Contains("zero everywhere", new MaxSensitivity().Measure(Versions([0, 0], [1, 2]), Job.Quiet()).Undefined, StringComparison.Ordinal);
        Assert.Contains("zero everywhere", new Repeatability().Measure(Versions([1, 2], [0, 0]), Job.Quiet()).Undefined, StringComparison.Ordinal);
        Assert.Contains("NaN", new Repeatability().Measure(Versions([1, 2], [float.NaN, 0]), Job.Quiet()).Undefined, StringComparison.Ordinal);
    }

    private static MapVersions Versions(float[] map, params float[][] others) => new(Line(map), [.. others.Select(Line)]);

    private static NdArray Line(float[] values) => new([1, values.Length], values);
}
