using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class ConvolutionTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    /// <summary>The definition, in loops, over three dimensions: (N, C, D, H, W).</summary>
    private static double[] Convolved(Tensor input, Tensor weight, Tensor? bias, long[] stride, long[] padding, long[] dilation, long groups, out long[] shape)
    {
        var (x, w) = (Close.Numbers(input), Close.Numbers(weight));
        var b = bias is null ? null : Close.Numbers(bias);
        var (n, s, k) = (input.shape[0], input.shape[2..], weight.shape);
        var o = new long[3];
        for (var d = 0; d < 3; d++) o[d] = ((s[d] + (2 * padding[d]) - (dilation[d] * (k[d + 2] - 1)) - 1) / stride[d]) + 1;
        shape = [n, k[0], .. o];
        var result = new List<double>();
        foreach (var (sample, channel, z, y, c) in Cells(n, k[0], o))
        {
            var sum = b?[channel] ?? 0;
            foreach (var (i, _, kz, ky, kx) in Cells(k[1], 1, k[2..]))
            {
                long[] at = [(z * stride[0]) - padding[0] + (kz * dilation[0]), (y * stride[1]) - padding[1] + (ky * dilation[1]), (c * stride[2]) - padding[2] + (kx * dilation[2])];
                if (at.Where((position, d) => position < 0 || position >= s[d]).Any()) continue;
                var from = i + (channel / (k[0] / groups) * k[1]);
                sum += w[((((((channel * k[1]) + i) * k[2]) + kz) * k[3]) + ky) * k[4] + kx] * x[((((((sample * input.shape[1]) + from) * s[0]) + at[0]) * s[1]) + at[1]) * s[2] + at[2]];
            }
            result.Add(sum);
        }
        return [.. result];
    }

    private static IEnumerable<(long, long, long, long, long)> Cells(long a, long b, long[] c) =>
        from i in Range(a) from j in Range(b) from z in Range(c[0]) from y in Range(c[1]) from x in Range(c[2]) select (i, j, z, y, x);

    private static IEnumerable<long> Range(long count) => Enumerable.Range(0, (int)count).Select(i => (long)i);

    [Theory]
    [InlineData(1, 0, 1, 1)]
    [InlineData(2, 1, 1, 1)]
    [InlineData(1, 2, 2, 1)]
    [InlineData(2, 1, 1, 2)]
    public void Every_number_of_dimensions_matches_the_definition(long stride, long padding, long dilation, long groups)
    {
        var input = Close.Input(2, 4, 5, 6, 7);
        using var three = Conv3d(4, 6, (2, 3, 1), (stride, stride, 1), (padding, padding, 0), (dilation, dilation, 1), groups: groups, dtype: ScalarType.Float64);
        Compare(three, input, input);
        var image = Close.Input(2, 4, 6, 7);
        using var two = Conv2d(4, 6, (3, 2), (stride, 1), (padding, 0), (1, dilation), groups: groups, dtype: ScalarType.Float64);
        Compare(two, image, image.unsqueeze(2));
        var line = Close.Input(2, 4, 9);
        using var one = Conv1d(4, 6, 3, stride, padding, dilation, groups: groups, bias: false, dtype: ScalarType.Float64);
        Compare(one, line, line.unsqueeze(2).unsqueeze(2));
    }

    private static void Compare(Convolution layer, Tensor input, Tensor volume)
    {
        var missing = 3 - layer.kernel_size.Length;
        var weight = layer.weight;
        Tensor w = weight;
        for (var i = 0; i < missing; i++) w = w.unsqueeze(2);
        var expected = Convolved(volume, w, layer.bias, Full(layer.stride, 1), Full(layer.padding!, 0), Full(layer.dilation, 1), layer.groups, out var shape);
        var actual = layer.call(input);
        Assert.Equal([shape[0], shape[1], .. shape[(2 + missing)..]], actual.shape);
        Close.To(expected, actual, 1e-12);

        long[] Full(long[] lengths, long filler) => [.. Enumerable.Repeat(filler, missing), .. lengths];
    }

    [Fact]
    public void Same_padding_keeps_the_size_and_valid_pads_nothing()
    {
        var image = Close.Input(1, 2, 5, 6);
        using var same = Conv2d(2, 3, (3, 4), Padding.Same, dtype: ScalarType.Float64);
        using var valid = Conv2d(2, 3, 3, Padding.Valid, stride: 2, dtype: ScalarType.Float64);
        Assert.Equal([1L, 3L, 5L, 6L], same.call(image).shape);
        Assert.Equal([1L, 3L, 2L, 2L], valid.call(image).shape);
        Close.To(functional.conv2d(functional.pad(image, [1, 2, 1, 1]), same.weight, same.bias), same.call(image), 1e-12);
    }

    [Theory]
    [InlineData(PaddingModes.Reflect)]
    [InlineData(PaddingModes.Replicate)]
    [InlineData(PaddingModes.Circular)]
    public void Other_padding_modes_pad_first(PaddingModes mode)
    {
        var image = Close.Input(1, 1, 4, 5);
        using var layer = Conv2d(1, 1, (3, 3), padding: (1, 2), padding_mode: mode, dtype: ScalarType.Float64);
        Close.To(functional.conv2d(functional.pad(image, [2, 2, 1, 1], mode), layer.weight, layer.bias), layer.call(image), 1e-12);
    }

    [Fact]
    public void A_sample_without_a_batch_is_taken_and_another_number_of_channels_is_refused()
    {
        using var layer = Conv2d(2, 3, 1);
        Assert.Equal([3L, 4L, 4L], layer.call(ones(2, 4, 4)).shape);
        Assert.Throws<ArgumentException>(() => layer.call(ones(1, 3, 4, 4)));
        Assert.Throws<ArgumentException>(() => layer.call(ones(2, 4)));
        Assert.Throws<ArgumentException>(() => Conv2d(3, 4, 1, groups: 2));
    }

    [Fact]
    public void A_transposed_convolution_is_the_gradient_of_a_convolution()
    {
        using var layer = ConvTranspose2d(3, 2, (3, 2), stride: (2, 1), padding: (1, 0), output_padding: (1, 0), bias: false, dtype: ScalarType.Float64);
        var input = Close.Input(1, 3, 4, 5);
        var output = layer.call(input);
        var image = zeros(output.shape, ScalarType.Float64, requires_grad: true);
        var forward = functional.conv2d(image, layer.weight, strides: [2, 1], padding: [1, 0]);
        (forward * input).sum().backward();
        Close.To(image.grad!, output, 1e-12);
    }

    [Fact]
    public void A_transposed_convolution_in_one_and_three_dimensions_spreads_its_kernel()
    {
        using var one = ConvTranspose1d(1, 1, 2, stride: 2);
        init.ones_(one.weight);
        init.zeros_(one.bias!);
        Close.To([1, 1, 2, 2], one.call(tensor([1f, 2f]).reshape(1, 1, 2)), 0);
        using var three = ConvTranspose3d(1, 1, 2, stride: 2, bias: false);
        init.ones_(three.weight);
        Assert.Equal([1L, 1L, 4L, 4L, 4L], three.call(ones([1, 1, 2, 2, 2])).shape);
        Close.To([64], three.call(ones([1, 1, 2, 2, 2])).sum(), 0);
    }

    [Fact]
    public void A_size_that_a_stride_leaves_open_can_be_asked_for()
    {
        using var layer = ConvTranspose2d(1, 1, 3, stride: 2);
        Assert.Equal([1L, 1L, 9L, 10L], layer.forward(ones(1, 1, 4, 4), [9, 10]).shape);
        Assert.Throws<ArgumentException>(() => layer.forward(ones(1, 1, 4, 4), [9, 11]));
    }

    [Fact]
    public void Folding_conv_and_batch_norm_gives_the_same_numbers()
    {
        using var conv = Conv2d(2, 3, 3, dtype: ScalarType.Float64);
        using var bn = BatchNorm2d(3, dtype: ScalarType.Float64);
        init.uniform_(bn.weight, 0.5, 2);
        init.uniform_(bn.bias!);
        bn.running_mean!.uniform_(-1, 1);
        bn.running_var!.uniform_(0.5, 2);
        bn.eval();
        var image = Close.Input(2, 2, 6, 6);
        var (weight, bias) = nn.utils.fuse_conv_bn_weights(conv.weight, conv.bias, bn.running_mean!, bn.running_var!, bn.eps, bn.weight, bn.bias);
        Close.To(bn.call(conv.call(image)), functional.conv2d(image, weight, bias), 1e-12);
    }
}
