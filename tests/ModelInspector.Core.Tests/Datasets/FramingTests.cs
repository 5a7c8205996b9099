using ModelInspector.Datasets;

namespace ModelInspector.Core.Tests.Datasets;

public sealed class FramingTests
{
    // PIL 9.4: Image.fromarray((arange(h·w) · 37 % 101, float32)).resize((width, height), BILINEAR).
    public static TheoryData<int, int, int, int, float[]> Pil => new()
    {
        { 7, 5, 3, 4, [43.37500f, 37.84524f, 59.97024f, 39.41071f, 51.82353f, 45.48039f, 47.05882f, 65.47059f, 49.87500f, 56.97024f, 41.22024f, 51.32143f] },
        { 3, 2, 5, 4, [0, 9.25f, 27.75f, 37, 29.6f, 28.75f, 27.05f, 26.2f, 74, 58, 26, 10, 57.8f, 56.95f, 55.25f, 54.4f, 47, 56.25f, 74.75f, 84] },
        { 9, 9, 2, 7, [48.81434f, 54.13316f, 51.04610f, 47.49404f, 43.84251f, 47.99744f, 52.02304f, 46.61204f, 51.41357f, 54.01665f, 57.14951f, 52.50320f, 54.07170f, 41.54417f] },
    };

    [Theory]
    [MemberData(nameof(Pil))]
    public void Bilinear_is_what_PIL_computes(int height, int width, int toHeight, int toWidth, float[] expected)
    {
        var frame = Grey(toHeight, toWidth).Frame(Pattern(height, width));
        Assert.Equal(expected.Length, frame.Values.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], frame.Values[i], 2e-5f * 101);
    }

    [Fact]
    public void Nearest_is_what_PIL_computes()
    {
        var frame = (Grey(3, 4) with { Interpolation = Interpolation.Nearest }).Frame(Pattern(7, 5));
        Assert.Equal([84f, 20, 94, 30, 50, 87, 60, 97, 16, 53, 26, 63], frame.Values);
    }

    [Fact]
    public void A_constant_image_stays_constant_at_any_size()
    {
        foreach (var size in new[] { 1, 2, 7, 31, 64 })
            Assert.All(Grey(size, 65 - size).Frame(new Picture(17, 23, 1, 255, [.. Enumerable.Repeat(200f, 17 * 23)])).Values, value => Assert.Equal(200f, value, 1e-3f));
    }

    [Theory]
    [InlineData(4, 8, 4, 2)] // the shortest side fits: columns 2 … 5
    [InlineData(4, 7, 4, 2)] // 3 columns too many: half of 3 is 1.5 and rounds to even
    [InlineData(4, 5, 4, 0)] // 1 column too many: half of 1 rounds to even
    public void The_centre_is_cut_out_as_torchvision_does(int height, int width, int size, int left)
    {
        var preprocessing = Grey(size, size) with { Resize = ResizeMode.ShortestSide };
        var frame = preprocessing.Frame(new Picture(width, height, 1, 255, [.. Enumerable.Range(0, height * width).Select(i => (float)(i % width))]));
        Assert.Equal([left, left + 1f, left + 2f, left + 3f], frame.Values[..4]);
    }

    [Fact]
    public void The_shortest_side_keeps_proportions_before_the_crop()
    {
        var preprocessing = Grey(2, 2) with { Resize = ResizeMode.ShortestSide, ShortestSide = 4, Interpolation = Interpolation.Nearest };
        var frame = preprocessing.Frame(new Picture(4, 8, 1, 255, [.. Enumerable.Range(0, 32).Select(i => (float)i)]));
        Assert.Equal([13f, 14, 17, 18], frame.Values);
    }

    [Fact]
    public void Values_are_scaled_ordered_and_normalised()
    {
        var rgb = new Picture(1, 1, 3, 255, [255, 51, 0]);
        var torchvision = new Preprocessing { Mean = [0.5, 0.1, 0.25], Std = [0.5, 0.1, 0.25] };
        Close([1, 1, -1], torchvision.Normalise(rgb).Values);
        var caffe = new Preprocessing { Channels = ChannelOrder.Bgr, High = 255, Mean = [104, 117, 123] };
        Close([-104, -66, 132], caffe.Normalise(rgb).Values);
        var signed = new Preprocessing { Low = -1, High = 1 };
        Close([1, -0.6f, -1], signed.Normalise(rgb).Values);
    }

    [Fact]
    public void Sixteen_bit_full_intensity_is_the_same_as_eight_bit()
    {
        var preprocessing = Grey(1, 1);
        Close([1], preprocessing.Normalise(preprocessing.Frame(new Picture(1, 1, 1, 65535, [65535]))).Values);
        Close([0.2f], preprocessing.Normalise(preprocessing.Frame(new Picture(1, 1, 1, 65535, [13107]))).Values);
    }

    [Fact]
    public void Grey_becomes_RGB_and_RGB_grey_and_transparency_black()
    {
        var rgb = new Preprocessing();
        Assert.Equal([7f, 7, 7], rgb.Frame(new Picture(1, 1, 1, 255, [7])).Values);
        Close([50, 100, 0], rgb.Frame(new Picture(1, 1, 4, 255, [100, 200, 0, 127.5f])).Values);
        Close([0.299f * 10 + 0.587f * 20 + 0.114f * 30], Grey(1, 1).Frame(new Picture(1, 1, 3, 255, [10, 20, 30])).Values);
    }

    [Fact]
    public void A_mask_takes_the_images_frame_and_is_zero_or_one()
    {
        var preprocessing = Grey(2, 2) with { Resize = ResizeMode.ShortestSide };
        var mask = preprocessing.FrameMask(new Picture(6, 2, 1, 255, [0, 0, 1, 0, 255, 0, 0, 0, 0, 128, 0, 255]), lossy: false);
        Assert.Equal([1f, 0, 0, 1], mask.Values);
        Assert.Equal([0f, 0, 0, 1], preprocessing.FrameMask(new Picture(6, 2, 1, 255, [0, 0, 1, 0, 255, 0, 0, 0, 0, 128, 0, 255]), lossy: true).Values);
    }

    private static Preprocessing Grey(int height, int width) => new() { Channels = ChannelOrder.Grey, Size = new(height, width) };

    private static Picture Pattern(int height, int width) =>
        new(width, height, 1, 255, [.. Enumerable.Range(0, height * width).Select(i => (float)(i * 37 % 101))]);

    private static void Close(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-4f);
    }
}
