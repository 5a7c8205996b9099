using ModelInspector.Evaluation.Localisation;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Evaluation.Localisation;

public sealed class ControlMapTests
{
    [Fact]
    public void Sobel_of_a_ramp_is_constant_inside_and_of_a_flat_image_zero()
    {
        var ramp = new NdArray([5, 5], [.. Enumerable.Range(0, 25).Select(i => 3f * (i % 5))]);
        var edges = ControlMaps.Edges(ramp);
        Assert.Equal(24f, edges.Values[2 * 5 + 2]); // (1 + 2 + 1) · (3 + 3)
        Assert.Equal(12f, edges.Values[2 * 5]);     // the border repeats: half the difference
        Assert.All(ControlMaps.Edges(new NdArray([3, 3], [.. Enumerable.Repeat(7f, 9)])).Values, value => Assert.Equal(0f, value));
    }

    [Fact]
    public void Sobel_combines_both_directions_and_works_on_volumes()
    {
        var point = new NdArray([3, 3], [0, 0, 0, 0, 0, 0, 0, 0, 1]);
        Assert.Equal(MathF.Sqrt(2), ControlMaps.Edges(point).Values[4]);
        var ramp = new NdArray([3, 3, 3], [.. Enumerable.Range(0, 27).Select(i => (float)(i / 9))]);
        Assert.Equal(32f, ControlMaps.Edges(ramp).Values[13]); // 4 · 4 · 2
    }

    [Fact]
    public void Random_maps_are_the_same_for_the_same_seed_and_differ_between_images()
    {
        Assert.Equal(ControlMaps.Random([4, 4], 1, 2).Values, ControlMaps.Random([4, 4], 1, 2).Values);
        Assert.NotEqual(ControlMaps.Random([4, 4], 1, 2).Values, ControlMaps.Random([4, 4], 1, 3).Values);
        Assert.NotEqual(ControlMaps.Random([4, 4], 1, 2).Values, ControlMaps.Random([4, 4], 2, 2).Values);
    }
}
