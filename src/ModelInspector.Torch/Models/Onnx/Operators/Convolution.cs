using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Convolution and its transpose, over one to three axes.</summary>
internal sealed class Convolution : IOperatorFamily
{
    public IEnumerable<Operator> Operators =>
    [
        new("Conv", Conv),
        new("ConvTranspose", ConvTranspose),
    ];

    /// <summary>Input (N, C, …), weight (M, C / groups, …), bias (M).</summary>
    public static Tensor Convolve(Tensor input, Tensor weight, Tensor? bias, Window window, long groups)
    {
        var on = window.On(input, weight.shape[2..]);
        return on.IsSymmetric
            ? Convolve(input, weight, bias, on.Strides, on.Begin, on.Dilations, groups)
            : Convolve(F.pad(input, Window.Interleaved(on.Begin, on.End)), weight, bias, on.Strides, new long[on.Begin.Length], on.Dilations, groups);
    }

    private static Kernel Conv(Operation node)
    {
        var (window, groups) = (Window.Of(node), Groups(node));
        return inputs => [Convolve(inputs.At(0), inputs.At(1), inputs.TryAt(2), window, groups)];
    }

    private static long Groups(Operation node)
    {
        var groups = node.Int("group", 1);
        return groups > 0 ? groups : throw node.Refused($"has {groups} groups");
    }

    private static Tensor Convolve(Tensor input, Tensor weight, Tensor? bias, long[] strides, long[] pads, long[] dilations, long groups) => strides.Length switch
    {
        1 => F.conv1d(input, weight, bias, strides[0], pads[0], dilations[0], groups),
        2 => F.conv2d(input, weight, bias, strides, pads, dilations, groups),
        3 => F.conv3d(input, weight, bias, strides, pads, dilations, groups),
        _ => throw new InputException($"a convolution over {strides.Length} axes is not supported; 1, 2 and 3 are"),
    };

    private static Kernel ConvTranspose(Operation node)
    {
        var (window, groups) = (Window.Of(node), Groups(node));
        var (extra, shape) = (node.Ints("output_padding"), node.Ints("output_shape"));
        return inputs => [Transposed(inputs.At(0), inputs.At(1), inputs.TryAt(2), window, groups, extra, shape)];
    }

    private static Tensor Transposed(Tensor input, Tensor weight, Tensor? bias, Window window, long groups, long[]? extra, long[]? shape)
    {
        var axes = weight.shape.Length - 2;
        var full = window.For(axes);
        extra ??= new long[axes];
        var (begin, end) = Cropped(input, weight, full, extra, shape);
        if (begin.AsSpan().SequenceEqual(end) && begin.All(pad => pad >= 0) && extra.Index().All(item => item.Item < full.Strides[item.Index]))
            return Transposed(input, weight, bias, full, begin, extra, groups);
        // Whatever padding cuts off, or adds beyond what was written, is done afterwards; the bias belongs to all of it.
        var written = Transposed(input, weight, null, full, new long[axes], new long[axes], groups);
        var cut = F.pad(written, Window.Interleaved([.. begin.Select(pad => -pad)], [.. end.Zip(extra, (pad, more) => more - pad)]));
        return bias is null ? cut : cut + bias.reshape([-1, .. Enumerable.Repeat(1L, axes)]);
    }

    private static (long[] Begin, long[] End) Cropped(Tensor input, Tensor weight, Window window, long[] extra, long[]? shape)
    {
        if (shape is null && window.Auto is "NOTSET" or "") return (window.Begin, window.End);
        if (shape is null && window.Auto == "VALID") return (new long[extra.Length], new long[extra.Length]);
        var (begin, end) = (new long[extra.Length], new long[extra.Length]);
        for (var axis = 0; axis < extra.Length; axis++)
        {
            var wanted = shape is null ? input.shape[axis + 2] * window.Strides[axis] : shape[^(extra.Length - axis)];
            var reach = (window.Strides[axis] * (input.shape[axis + 2] - 1)) + extra[axis] + ((weight.shape[axis + 2] - 1) * window.Dilations[axis]) + 1;
            var (less, more) = (FloorHalf(reach - wanted), reach - wanted - FloorHalf(reach - wanted));
            (begin[axis], end[axis]) = window.Auto == "SAME_UPPER" ? (less, more) : (more, less);
        }
        return (begin, end);
    }

    private static long FloorHalf(long value) => (long)Math.Floor(value / 2.0);

    private static Tensor Transposed(Tensor input, Tensor weight, Tensor? bias, Window window, long[] pads, long[] extra, long groups) => pads.Length switch
    {
        1 => F.conv_transpose1d(input, weight, bias, window.Strides[0], pads[0], extra[0], window.Dilations[0], groups),
        2 => F.conv_transpose2d(input, weight, bias, window.Strides, pads, extra, window.Dilations, groups),
        3 => F.conv_transpose3d(input, weight, bias, window.Strides, pads, extra, window.Dilations, groups),
        _ => throw new InputException($"a convolution over {pads.Length} axes is not supported; 1, 2 and 3 are"),
    };
}
