using System.Collections.Immutable;
using ModelInspector.Evaluation.Localisation;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Evaluation.Localisation;

public sealed class UpsamplingTests
{
    [Fact]
    public void Two_values_become_four_with_half_pixel_centres()
    {
        // torch.nn.functional.interpolate([[0, 1]], size=(1, 4), mode='bilinear', align_corners=False)
        var result = new Upsampling([1, 2], [1, 4]).Apply(new NdArray([1, 2], [0, 1]));
        Assert.Equal([0, 0.25f, 0.75f, 1], result.Values);
    }

    [Theory]
    [InlineData(new[] { 3, 5 }, new[] { 7, 11 })]
    [InlineData(new[] { 7, 7 }, new[] { 224, 224 })]
    [InlineData(new[] { 9, 4 }, new[] { 3, 8 })]
    [InlineData(new[] { 1, 1 }, new[] { 5, 3 })]
    [InlineData(new[] { 2, 3, 4 }, new[] { 5, 6, 7 })]
    [InlineData(new[] { 4, 1, 3 }, new[] { 2, 3, 9 })]
    public void Bilinear_and_trilinear_agree_with_the_definition_in_double(int[] from, int[] to)
    {
        var random = new Randomness(5);
        var map = new NdArray([.. from]);
        for (var i = 0; i < map.Values.Length; i++) map.Values[i] = (float)random.Normal((ulong)i);
        var result = new Upsampling([.. from], [.. to]).Apply(map);
        for (var i = 0; i < result.Values.Length; i++) Assert.Equal(At(map, Place(i, [.. to]), from, to, 0, 0), result.Values[i], 2e-6);
    }

    [Fact]
    public void The_same_size_is_left_as_it_is()
    {
        var map = new NdArray([2, 2], [1, -2, 3, float.NaN]);
        Assert.Equal(map.Values, new Upsampling([2, 2], [2, 2]).Apply(map).Values);
    }

    [Fact]
    public void Ranks_that_differ_are_refused() =>
        Assert.Contains("cannot be brought to", Assert.Throws<InputException>(() => new Upsampling([4, 4], [2, 4, 4])).Message, StringComparison.Ordinal);

    private static int[] Place(int index, ImmutableArray<int> shape)
    {
        var place = new int[shape.Length];
        for (var axis = shape.Length - 1; axis >= 0; axis--) (place[axis], index) = (index % shape[axis], index / shape[axis]);
        return place;
    }

    // The weighted mean of the 2ᵏ corners around a place, axis by axis.
    private static double At(NdArray map, int[] place, int[] from, int[] to, int axis, int offset)
    {
        if (axis == from.Length) return map.Values[offset];
        var exact = Math.Max(0, (place[axis] + 0.5) * from[axis] / to[axis] - 0.5);
        var low = Math.Min(from[axis] - 1, (int)Math.Floor(exact));
        var high = Math.Min(from[axis] - 1, low + 1);
        return (1 - (exact - low)) * At(map, place, from, to, axis + 1, offset * from[axis] + low)
            + (exact - low) * At(map, place, from, to, axis + 1, offset * from[axis] + high);
    }
}
