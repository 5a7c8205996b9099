using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class PoolingTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    /// <summary>Every window of a (1, 1, H, W) image, as the values that lie in it.</summary>
    private static IEnumerable<double[]> Windows(Tensor image, int kernel, int stride, int padding)
    {
        var (h, w, x) = ((int)image.shape[2], (int)image.shape[3], Close.Numbers(image));
        for (var top = -padding; top + kernel <= h + padding; top += stride)
        {
            for (var left = -padding; left + kernel <= w + padding; left += stride)
            {
                yield return [.. from y in Enumerable.Range(top, kernel) from c in Enumerable.Range(left, kernel) where y >= 0 && y < h && c >= 0 && c < w select x[(y * w) + c]];
            }
        }
    }

    [Theory]
    [InlineData(2, 2, 0)]
    [InlineData(3, 1, 1)]
    [InlineData(3, 2, 1)]
    public void Windows_give_their_largest_value_and_their_mean(int kernel, int stride, int padding)
    {
        var image = Close.Input(1, 1, 6, 7);
        var windows = Windows(image, kernel, stride, padding).ToArray();
        Close.To(windows.Select(window => window.Max()), MaxPool2d(kernel, stride, padding).call(image), 1e-12);
        Close.To(windows.Select(window => window.Sum() / (kernel * kernel)), AvgPool2d(kernel, stride, padding).call(image), 1e-12);
        Close.To(windows.Select(window => window.Average()), AvgPool2d(kernel, stride, padding, count_include_pad: false).call(image), 1e-12);
        Close.To(windows.Select(window => window.Sum() / 5), AvgPool2d(kernel, stride, padding, divisor_override: 5).call(image), 1e-12);
    }

    [Fact]
    public void A_window_as_long_as_its_stride_is_the_default()
    {
        var image = Close.Input(1, 2, 6, 6);
        Close.To(MaxPool2d(3, 3).call(image), MaxPool2d(3).call(image), 0);
        Close.To(MaxPool2d((2, 3), (2, 3)).call(image), MaxPool2d([2L, 3L]).call(image), 0);
        Close.To(AvgPool2d((2, 3), (2, 3)).call(image), AvgPool2d([2L, 3L]).call(image), 0);
        Assert.Equal([1L, 2L, 3L, 3L], functional.max_pool2d(image, 2).shape);
        Assert.Equal([1L, 2L, 3L, 3L], functional.avg_pool2d(image, 2).shape);
    }

    [Fact]
    public void A_last_window_that_hangs_over_counts_when_asked_for()
    {
        var line = tensor([1.0, 2.0, 3.0, 4.0, 5.0]).reshape(1, 1, 5);
        Close.To([2, 4], MaxPool1d(2).call(line), 0);
        Close.To([2, 4, 5], MaxPool1d(2, ceil_mode: true).call(line), 0);
        Close.To([1.5, 3.5, 5], AvgPool1d(2, ceil_mode: true).call(line), 0);
    }

    [Fact]
    public void The_place_of_the_largest_value_is_counted_over_the_image()
    {
        var image = arange(16.0).reshape(1, 1, 4, 4);
        var (values, indices) = MaxPool2d(2).forward_with_indices(image);
        Close.To([5, 7, 13, 15], values, 0);
        Close.To([5, 7, 13, 15], indices, 0);
        Close.To([5, 7, 13, 15], MaxPool1d(1).forward_with_indices(values.reshape(1, 1, 4)).Values, 0);
    }

    [Fact]
    public void Volumes_pool_as_images_do()
    {
        var volume = arange(64.0).reshape(1, 1, 4, 4, 4);
        Close.To([21, 23, 29, 31, 53, 55, 61, 63], MaxPool3d(2).call(volume), 0);
        Close.To([10.5, 12.5, 18.5, 20.5, 42.5, 44.5, 50.5, 52.5], AvgPool3d(2).call(volume), 1e-6);
        Close.To([31.5], AdaptiveAvgPool3d(1).call(volume), 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void Adaptive_windows_run_from_the_floor_to_the_ceiling_of_their_share(int size)
    {
        var line = Close.Input(1, 2, 7);
        var x = Close.Numbers(line);
        IEnumerable<double[]> Shares() => from channel in Enumerable.Range(0, 2)
                                          from i in Enumerable.Range(0, size)
                                          let start = i * 7 / size
                                          let end = (((i + 1) * 7) + size - 1) / size
                                          select x[((channel * 7) + start)..((channel * 7) + end)];
        Close.To(Shares().Select(share => share.Average()), AdaptiveAvgPool1d(size).call(line), 1e-12);
        Close.To(Shares().Select(share => share.Max()), AdaptiveMaxPool1d(size).call(line), 1e-12);
    }

    [Fact]
    public void Adaptive_pooling_takes_one_size_or_two_and_leaves_no_indices_behind()
    {
        using var image = Close.Input(1, 2, 6, 9).DetachFromDisposeScope();
        Assert.Equal([1L, 2L, 2L, 3L], AdaptiveAvgPool2d((2, 3)).call(image).shape);
        Assert.Equal([1L, 2L, 2L, 2L], AdaptiveAvgPool2d(2).call(image).shape);
        Close.To(MaxPool2d(3).call(image), AdaptiveMaxPool2d([2, 3]).call(image), 0);
        var before = Settled.Count();
        AdaptiveMaxPool2d([2, 3]).call(image).Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_power_pool_is_the_norm_of_the_window()
    {
        var line = tensor([3.0, 4.0, -5.0, 12.0]).reshape(1, 1, 4);
        Close.To([5, 13], LPPool1d(2, 2).call(line), 1e-12);
        var image = tensor([1.0, 2.0, 2.0, 4.0]).reshape(1, 1, 2, 2);
        Close.To([5], LPPool2d(2, 2).call(image), 1e-12);
    }
}
