using ModelInspector.Training;

namespace ModelInspector.Torch.Tests.Training;

public class WarmCosineTests
{
    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(9, 1.0)]
    [InlineData(10, 1.0)]
    [InlineData(55, 0.5)]
    [InlineData(100, 0.0)]
    public void The_rate_rises_evenly_and_falls_along_a_half_cosine(int step, double expected) =>
        Assert.Equal(expected, new WarmCosine(1, 100, 10).At(step), 12);

    [Fact]
    public void Without_warming_it_starts_at_its_peak() => Assert.Equal(3, new WarmCosine(3, 10, 0).At(0), 12);
}
