using ModelInspector.Evaluation.Stability;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Evaluation.Stability;

public sealed class StabilityTests
{
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
