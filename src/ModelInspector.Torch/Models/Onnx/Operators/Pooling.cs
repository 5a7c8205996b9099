using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Maximum, average and power-mean pools, local and global.</summary>
internal sealed class Pooling : IOperatorFamily
{
    public IEnumerable<Operator> Operators =>
    [
        new("MaxPool", MaxPool) { Gives = (_, output) => output == 0 ? null : ValueKind.Whole },
        new("AveragePool", AveragePool),
        new("LpPool", LpPool),
        new("MaxUnpool", MaxUnpool),
        Operator.Of("GlobalAveragePool", x => x.mean(Spatial(x), keepdim: true)),
        Operator.Of("GlobalMaxPool", GlobalMax),
        new("GlobalLpPool", node =>
        {
            var power = node.Int("p", 2);
            return Kernels.Of(x => x.abs().pow(power).sum(Spatial(x), keepdim: true).pow(1.0 / power));
        }),
    ];

    private static long[] Spatial(Tensor x) => [.. Enumerable.Range(2, (int)x.Dimensions - 2).Select(axis => (long)axis)];

    // The pool's own kernel sends the gradient to one position, as the networks were trained with.
    private static Tensor GlobalMax(Tensor x) =>
        x.Dimensions == 4 ? F.max_pool2d(x, x.shape[2..], x.shape[2..]) : x.amax(Spatial(x), keepdim: true);

    private static Kernel MaxPool(Operation node)
    {
        var (window, kernel, ceiling) = (Window.Of(node), Size(node), node.Flag("ceil_mode"));
        if (!node.Wants(1)) return Kernels.Of(x => Max(x, kernel, window, ceiling));
        var columns = node.Flag("storage_order");
        return inputs => MaxWithIndices(inputs.At(0), kernel, window, ceiling, columns);
    }

    private static long[] Size(Operation node)
    {
        var kernel = node.RequiredInts("kernel_shape");
        return kernel.Length is > 0 and < 4 && kernel.All(size => size > 0) ? kernel
            : throw node.Refused($"has a window of ({string.Join(", ", kernel)}); 1 to 3 positive sizes are supported");
    }

    private static Tensor Max(Tensor x, long[] kernel, Window window, bool ceiling)
    {
        if (!x.is_floating_point()) return Max(x.to(ScalarType.Float32), kernel, window, ceiling).to(x.dtype);
        var on = window.On(x, kernel);
        if (on.IsSymmetric && on.Begin.Index().All(pad => pad.Item <= kernel[pad.Index] / 2))
            return Max(x, kernel, on.Strides, on.Begin, on.Dilations, ceiling);
        var padded = F.pad(x, Window.Interleaved(on.Begin, on.End), value: double.NegativeInfinity);
        return Max(padded, kernel, on.Strides, new long[kernel.Length], on.Dilations, ceiling);
    }

    private static Tensor Max(Tensor x, long[] kernel, long[] strides, long[] pads, long[] dilations, bool ceiling) => kernel.Length switch
    {
        1 => F.max_pool1d(x, kernel[0], strides[0], pads[0], dilations[0], ceiling),
        2 => F.max_pool2d(x, kernel, strides, pads, dilations, ceiling),
        _ => F.max_pool3d(x, kernel, strides, pads, dilations, ceiling),
    };

    // libtorch counts positions within a channel's plane, ONNX within the whole tensor.
    private static object?[] MaxWithIndices(Tensor x, long[] kernel, Window window, bool ceiling, bool columns)
    {
        var on = window.On(x, kernel);
        if (kernel.Length == 1)
        {
            var wide = on with { Strides = [1, .. on.Strides], Dilations = [1, .. on.Dilations], Pads = [0, on.Pads[0], 0, on.Pads[1]], Auto = "" };
            var flat = MaxWithIndices(x.unsqueeze(2), [1, .. kernel], wide, ceiling, false);
            return [((Tensor)flat[0]!).squeeze(2), ((Tensor)flat[1]!).squeeze(2)];
        }
        if (kernel.Length != 2 || !on.IsSymmetric || x.Dimensions != 4)
            throw new InputException("the positions of maxima are given for two axes and symmetric padding only");
        var (real, type) = (x.to(ScalarType.Float32), x.dtype);
        var (maxima, places) = F.max_pool2d_with_indices(real, kernel, on.Strides, on.Begin, on.Dilations, ceiling);
        var (height, width) = (x.shape[2], x.shape[3]);
        if (columns) places = places.div(width, RoundingMode.floor).add(places.remainder(width).mul(height));
        var planes = arange(x.shape[0] * x.shape[1], ScalarType.Int64, x.device).mul(height * width).reshape(x.shape[0], x.shape[1], 1, 1);
        return [maxima.to(type), places.add(planes)];
    }

    private static Kernel MaxUnpool(Operation node)
    {
        var (window, kernel) = (Window.Of(node), Size(node));
        return inputs =>
        {
            var (x, places) = (inputs.At(0), inputs.At(1));
            var on = window.For(kernel.Length);
            var natural = x.shape[2..].Select((size, axis) => ((size - 1) * on.Strides[axis]) + kernel[axis] - on.Begin[axis] - on.End[axis]);
            var shape = Sizes.Allowed([x.shape[0], x.shape[1], .. natural]);
            var wanted = inputs.TryAt(2)?.Longs() ?? shape;
            var flat = zeros([shape.Aggregate((a, b) => a * b)], x.dtype, x.device).scatter(0, places.reshape(-1), x.reshape(-1)).reshape(shape);
            return [F.pad(flat, Window.Interleaved(new long[kernel.Length], [.. wanted.Zip(shape, (want, have) => want - have).Skip(2)]))];
        };
    }

    private static Kernel AveragePool(Operation node)
    {
        var (window, kernel) = (Window.Of(node), Size(node));
        var (ceiling, counted) = (node.Flag("ceil_mode"), node.Flag("count_include_pad"));
        return Kernels.Of(x => Average(x, kernel, window.On(x, kernel), ceiling, counted));
    }

    private static Tensor Average(Tensor x, long[] kernel, Window on, bool ceiling, bool counted)
    {
        var isPlain = !ceiling && on.IsSymmetric && on.Dilations.All(distance => distance == 1)
            && on.Begin.Index().All(pad => pad.Item <= kernel[pad.Index] / 2);
        if (isPlain) return Mean(x, kernel, on.Strides, on.Begin, counted);
        // Sums over a padded image, divided by how much of each window counts.
        var padded = Windowed(F.pad(x, Window.Interleaved(on.Begin, on.End)), kernel, on, ceiling);
        var inside = ones([1, 1, .. x.shape[2..]], x.dtype, x.device);
        var frame = F.pad(inside, Window.Interleaved(on.Begin, on.End), value: counted ? 1 : 0);
        return padded / Windowed(frame, kernel, on, ceiling);
    }

    // Rounding up lets the last window reach over the edge: the image is extended by that much, and it does not count.
    private static Tensor Windowed(Tensor x, long[] kernel, Window on, bool ceiling)
    {
        var beyond = kernel.Select((size, axis) =>
        {
            var rest = x.shape[axis + 2] - (((size - 1) * on.Dilations[axis]) + 1);
            return ceiling && rest % on.Strides[axis] != 0 ? on.Strides[axis] - (rest % on.Strides[axis]) : 0;
        }).ToArray();
        var extended = beyond.Any(more => more > 0) ? F.pad(x, Window.Interleaved(new long[kernel.Length], beyond)) : x;
        return on.Dilations.All(distance => distance == 1) ? Mean(extended, kernel, on.Strides, new long[kernel.Length], true) : Dilated(extended, kernel, on);
    }

    private static Tensor Dilated(Tensor x, long[] kernel, Window on)
    {
        var weight = full([1, 1, .. kernel], 1.0 / kernel.Aggregate((a, b) => a * b), x.dtype, x.device);
        var planes = x.reshape([-1, 1, .. x.shape[2..]]);                                       // (N C, 1, …)
        var averaged = Convolution.Convolve(planes, weight, null, on with { Pads = new long[2 * kernel.Length], Auto = "" }, 1);
        return averaged.reshape([x.shape[0], x.shape[1], .. averaged.shape[2..]]);
    }

    private static Tensor Mean(Tensor x, long[] kernel, long[] strides, long[] pads, bool counted) => kernel.Length switch
    {
        1 => F.avg_pool1d(x, kernel[0], strides[0], pads[0], count_include_pad: counted),
        2 => F.avg_pool2d(x, kernel, strides, pads, count_include_pad: counted),
        _ => F.avg_pool3d(x, kernel, strides, pads, count_include_pad: counted),
    };

    private static Kernel LpPool(Operation node)
    {
        var (window, kernel) = (Window.Of(node), Size(node));
        var (power, ceiling) = (node.Int("p", 2), node.Flag("ceil_mode"));
        var elements = (double)kernel.Aggregate((a, b) => a * b);
        return Kernels.Of(x =>
        {
            var on = window.On(x, kernel);
            var powers = F.pad(x.abs().pow(power), Window.Interleaved(on.Begin, on.End));
            return Windowed(powers, kernel, on, ceiling).mul(elements).pow(1.0 / power);
        });
    }
}
