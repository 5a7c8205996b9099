using ModelInspector.Datasets;
using ModelInspector.Inspection;
using ModelInspector.Numerics;

namespace ModelInspector.Torch.Tests.Inspection;

public class PicturesTests
{
    [Theory]
    [InlineData(new[] { 1, 8, 9 }, true)]
    [InlineData(new[] { 3, 8, 9 }, true)]
    [InlineData(new[] { 1, 4, 8, 9 }, true)]
    [InlineData(new[] { 2, 8, 9 }, false)]
    [InlineData(new[] { 10 }, false)]
    public void Pictures_and_volumes_of_pictures_can_be_drawn(int[] shape, bool drawable) => Assert.Equal(drawable, Pictures.Drawable([.. shape]));

    [Fact]
    public void A_volumes_slices_stand_one_below_the_other_and_its_mask_with_them()
    {
        var (picture, slices) = Pictures.Stacked(Volume(4));
        Assert.Equal((4, 3, 8), (slices, picture.Width, picture.Height));
        for (var slice = 0; slice < 4; slice++) Assert.Equal(slice / 3.0, picture.Values[slice * 6], 1e-6);
        var mask = Pictures.Mask(Mask(4));
        Assert.Equal((3, 8), (mask.Width, mask.Height));
        Assert.Equal(Enumerable.Range(0, 24).Select(i => i / 6 == 2 ? 255f : 0), mask.Values);
    }

    [Fact]
    public void Its_thumbnail_is_the_slice_in_the_middle()
    {
        var middle = Pictures.Of(Volume(4) with { Input = Values(5, slice => slice == 2 ? 1 : 0, ramp: true) });
        Assert.Equal((3, 2), (middle.Width, middle.Height));
        Assert.Equal(1, middle.Values[^1]);
    }

    [Fact]
    public void Of_many_slices_thirty_two_are_shown_evenly_spaced()
    {
        var (picture, slices) = Pictures.Stacked(Volume(100));
        Assert.Equal((32, 64), (slices, picture.Height));
        Assert.Equal(Pictures.Mask(Mask(100)).Height, picture.Height);
        Assert.True(picture.Values[0] < picture.Values[^1]);
    }

    // Every slice has the value of its number.
    private static LoadedSample Volume(int depth) => new(new Sample("v", "v", -1, null), Values(depth, slice => slice, ramp: false), null, null);

    private static NdArray Values(int depth, Func<int, float> value, bool ramp) =>
        new([1, depth, 2, 3], [.. Enumerable.Range(0, depth * 6).Select(i => value(i / 6) + (ramp ? i % 6 : 0))]);

    private static NdArray Mask(int depth) => new([depth, 2, 3], [.. Enumerable.Range(0, depth * 6).Select(i => i / 6 == 2 ? 1f : 0)]);
}
