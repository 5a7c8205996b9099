using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace TorchSharp.Modules;

/// <summary>The transpose of a convolution: it spreads every input over a window. The kernel is (in, out / groups, …).</summary>
public abstract class ConvolutionTranspose : Convolution
{
    private protected ConvolutionTranspose(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding,
        long[] output_padding, long[] dilation, PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(name, in_channels, out_channels, kernel_size, stride, padding, null, dilation, true, output_padding, groups, bias, padding_mode, device, dtype)
    {
        if (padding_mode != PaddingModes.Zeros) throw new ArgumentException($"{name} pads with zeros only, not {padding_mode}.");
    }

    public override Tensor forward(Tensor input) => forward(input, null);

    /// <summary>With the spatial size wanted, where the stride leaves several possible.</summary>
    public abstract Tensor forward(Tensor input, long[]? output_size);

    private protected long[] Extra(Tensor input, long[]? output_size)
    {
        RequireShape(input);
        return _output_padding(input, output_size, kernel_size, stride, padding!, dilation, kernel_size.Length);
    }

    /// <summary>What to add at the end of each dimension to come to the size asked for.</summary>
    /// <exception cref="ArgumentException">The size cannot be reached.</exception>
    protected long[] _output_padding(Tensor input, long[]? output_size, long[] kernel_size, long[] stride, long[] padding, long[] dilation, long num_spatial_dims)
    {
        if (output_size is null) return output_padding;
        var shape = input.shape[^(int)num_spatial_dims..];
        if (output_size.Length < num_spatial_dims) throw new ArgumentException($"output_size has {output_size.Length} numbers for {num_spatial_dims} dimensions.");
        var wanted = output_size[^(int)num_spatial_dims..];
        var extra = new long[num_spatial_dims];
        for (var d = 0; d < extra.Length; d++)
        {
            var least = ((shape[d] - 1) * stride[d]) - (2 * padding[d]) + (dilation[d] * (kernel_size[d] - 1)) + 1;
            extra[d] = wanted[d] - least;
            if (extra[d] < 0 || extra[d] >= stride[d])
                throw new ArgumentException($"An output of {wanted[d]} along dimension {d} cannot be reached: {least} to {least + stride[d] - 1} can.");
        }
        return extra;
    }
}

/// <summary>Transposed convolution over (N, C, L).</summary>
public sealed class ConvTranspose1d : ConvolutionTranspose
{
    internal ConvTranspose1d(long in_channels, long out_channels, long kernel_size, long stride, long padding, long output_padding, long dilation, PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(ConvTranspose1d), in_channels, out_channels, [kernel_size], [stride], [padding], [output_padding], [dilation], padding_mode, groups, bias, device, dtype) { }

    public override Tensor forward(Tensor input, long[]? output_size) =>
        F.conv_transpose1d(input, weight, bias, stride[0], padding![0], Extra(input, output_size)[0], dilation[0], groups);
}

/// <summary>Transposed convolution over (N, C, H, W).</summary>
public sealed class ConvTranspose2d : ConvolutionTranspose
{
    internal ConvTranspose2d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] output_padding, long[] dilation, PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(ConvTranspose2d), in_channels, out_channels, kernel_size, stride, padding, output_padding, dilation, padding_mode, groups, bias, device, dtype) { }

    public override Tensor forward(Tensor input, long[]? output_size) =>
        F.conv_transpose2d(input, weight, bias, stride, padding, Extra(input, output_size), dilation, groups);
}

/// <summary>Transposed convolution over (N, C, D, H, W).</summary>
public sealed class ConvTranspose3d : ConvolutionTranspose
{
    internal ConvTranspose3d(long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] output_padding, long[] dilation, PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(ConvTranspose3d), in_channels, out_channels, kernel_size, stride, padding, output_padding, dilation, padding_mode, groups, bias, device, dtype) { }

    public override Tensor forward(Tensor input, long[]? output_size) =>
        F.conv_transpose3d(input, weight, bias, stride, padding, Extra(input, output_size), dilation, groups);
}
