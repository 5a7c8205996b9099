using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class VisionTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    private static readonly Tensor line = tensor([1.0, 2.0, 4.0]).reshape(1, 1, 3).DetachFromDisposeScope();

    [Fact]
    public void Nearest_takes_the_position_rounded_down_and_exact_the_middle()
    {
        Close.To([1, 1, 2, 2, 4, 4], functional.interpolate(line, scale_factor: [2]), 0);
        Close.To([1, 2], functional.interpolate(line, size: [2]), 0);
        Close.To([1, 4], functional.interpolate(line, size: [2], mode: InterpolationMode.NearestExact), 0);
    }

    [Fact]
    public void Linear_goes_between_pixel_centres_or_from_corner_to_corner()
    {
        Close.To([1, 1.25, 1.75, 2.5, 3.5, 4], functional.interpolate(line, size: [6], mode: InterpolationMode.Linear), 1e-12);
        Close.To([1, 1.5, 2, 3, 4], functional.interpolate(line, size: [5], mode: InterpolationMode.Linear, align_corners: true), 1e-12);
    }

    [Fact]
    public void Bilinear_and_trilinear_are_linear_along_each_dimension()
    {
        var image = line.reshape(1, 1, 3, 1) * line.reshape(1, 1, 1, 3);
        var up = functional.interpolate(line, size: [6], mode: InterpolationMode.Linear);
        Close.To(up.reshape(1, 1, 6, 1) * up.reshape(1, 1, 1, 6), functional.interpolate(image, size: [6, 6], mode: InterpolationMode.Bilinear), 1e-12);
        var volume = image.unsqueeze(2);
        Close.To((up.reshape(1, 1, 6, 1) * up.reshape(1, 1, 1, 6)).unsqueeze(2), functional.interpolate(volume, size: [1, 6, 6], mode: InterpolationMode.Trilinear), 1e-12);
    }

    [Fact]
    public void Bicubic_passes_through_the_pixels_and_antialias_averages()
    {
        var image = Close.Input(1, 1, 4, 4);
        Close.To(image, functional.interpolate(image, size: [4, 4], mode: InterpolationMode.Bicubic), 1e-12);
        var small = functional.interpolate(ones(1, 1, 8, 8), size: [2, 2], mode: InterpolationMode.Bicubic, antialias: true);
        Close.To([1, 1, 1, 1], small, 1e-6);
    }

    [Fact]
    public void Area_is_the_mean_and_a_recomputed_factor_gives_the_same_size()
    {
        Close.To([1.5, 3], functional.interpolate(line, size: [2], mode: InterpolationMode.Area), 1e-12);
        Assert.Equal([1L, 1L, 4L], functional.interpolate(line, scale_factor: [1.5], recompute_scale_factor: true).shape);
        Assert.Equal([1L, 1L, 4L], functional.interpolate(line, scale_factor: [1.5]).shape);
    }

    [Fact]
    public void Contradicting_wishes_are_refused_in_a_sentence()
    {
        Assert.Throws<ArgumentException>(() => functional.interpolate(line));
        Assert.Throws<ArgumentException>(() => functional.interpolate(line, [2], [2.0]));
        Assert.Throws<ArgumentException>(() => functional.interpolate(line, [2, 2]));
        Assert.Throws<ArgumentException>(() => functional.interpolate(line, [2], mode: InterpolationMode.Bilinear));
        Assert.Throws<ArgumentException>(() => functional.interpolate(line, [2], align_corners: true));
        Assert.Throws<ArgumentException>(() => functional.interpolate(ones(2, 2), [2]));
    }

    [Fact]
    public void An_upsampling_layer_takes_one_factor_for_all_dimensions()
    {
        var image = Close.Input(1, 2, 3, 4);
        using var layer = Upsample(scale_factor: [2], mode: UpsampleMode.Bilinear, align_corners: false);
        Close.To(functional.interpolate(image, [6, 8], mode: InterpolationMode.Bilinear), layer.call(image), 1e-12);
        Assert.Equal(2, layer.scale_factor[0]);
        Assert.True(layer.size.IsEmpty);
        Assert.Equal([1L, 2L, 6L, 8L], functional.upsample_nearest2d(image, [6, 8]).shape);
        Assert.Equal([1L, 2L, 6L, 8L], functional.upsample(image, scale_factor: [2, 2]).shape);
    }

    [Fact]
    public void Padding_layers_fill_the_border_by_their_rule()
    {
        var image = tensor([1.0, 2.0, 3.0, 4.0]).reshape(1, 1, 2, 2);
        Close.To([0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 0], ZeroPad2d(1).call(image), 0);
        Close.To([1, 2, 9, 3, 4, 9], ConstantPad2d((0, 1, 0, 0), 9).call(image), 0);
        Close.To([4, 3, 4, 3, 2, 1, 2, 1, 4, 3, 4, 3, 2, 1, 2, 1], ReflectionPad2d(1).call(image), 0);
        Close.To([1, 1, 2, 3, 3, 4], ReplicationPad2d((1, 0, 0, 0)).call(image), 0);
        Close.To([2, 1, 2, 4, 2], ReflectionPad1d(1).call(line), 0);
        Close.To([1, 1, 2, 4, 4], ReplicationPad1d(1).call(line), 0);
        Close.To([4, 1, 2, 4], functional.pad(line, (1, 0), PaddingModes.Circular), 0);
        Assert.Equal([1L, 1L, 3L, 4L, 5L], ReplicationPad3d((1, 2, 1, 1, 1, 1)).call(ones([1, 1, 1, 2, 2])).shape);
    }

    [Fact]
    public void Pixels_shuffle_out_of_channels_and_back()
    {
        var input = arange(4.0).reshape(1, 4, 1, 1);
        Close.To([0, 1, 2, 3], PixelShuffle(2).call(input), 0);
        Assert.Equal([1L, 1L, 2L, 2L], PixelShuffle(2).call(input).shape);
        Close.To(input, PixelUnshuffle(2).call(PixelShuffle(2).call(input)), 0);
        Close.To([0, 2, 1, 3], ChannelShuffle(2).call(input), 0);
    }

    [Fact]
    public void Windows_as_columns_sum_up_to_the_image_times_its_coverage()
    {
        var image = Close.Input(1, 2, 4, 4);
        var columns = Unfold(2, stride: 2).call(image);
        Assert.Equal([1L, 8L, 4L], columns.shape);
        Close.To(image, Fold(4, 2, stride: 2).call(columns), 1e-12);
        Close.To([image[0, 0, 0, 0].ToDouble(), image[0, 0, 0, 2].ToDouble()], columns[0, 0, TensorIndex.Slice(0, 2)], 0);
        var covered = Fold((4, 4), (3, 3)).call(Unfold((3, 3)).call(ones(1, 1, 4, 4)));
        Close.To([1, 2, 2, 1], covered[0, 0, 0], 0);
    }

    [Fact]
    public void An_identity_grid_samples_the_image_itself()
    {
        var image = Close.Input(1, 1, 3, 4);
        var grid = functional.affine_grid(tensor([1.0, 0, 0, 0, 1, 0]).reshape(1, 2, 3), [1, 1, 3, 4], align_corners: true);
        Close.To(image, functional.grid_sample(image, grid, align_corners: true), 1e-12);
        Close.To(image, functional.grid_sample(image, grid, GridSampleMode.Nearest, align_corners: true), 1e-12);
    }

    [Fact]
    public void A_grid_that_leaves_the_image_sees_zeros_the_border_or_a_reflection()
    {
        var image = tensor([1.0, 2.0, 3.0]).reshape(1, 1, 1, 3);
        var far = tensor([2.0, 0.0]).reshape(1, 1, 1, 2); // one pixel beyond the right end
        Close.To([0], functional.grid_sample(image, far, padding_mode: GridSamplePaddingMode.Zeros, align_corners: true), 1e-12);
        Close.To([3], functional.grid_sample(image, far, padding_mode: GridSamplePaddingMode.Border, align_corners: true), 1e-12);
        Close.To([2], functional.grid_sample(image, far, padding_mode: GridSamplePaddingMode.Reflection, align_corners: true), 1e-12);
    }
}
