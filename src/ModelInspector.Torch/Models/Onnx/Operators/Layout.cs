using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Changes of shape that move or join values without computing.</summary>
internal sealed class Layout : IOperatorFamily
{
    public IEnumerable<Operator> Operators =>
    [
        new("Identity", _ => inputs => [inputs[0] is IReadOnlyList<Tensor> list ? list.Select(part => part.alias()).ToList() : inputs[0]]),
        new("Reshape", Reshape),
        new("Flatten", Flatten),
        new("Transpose", Transpose),
        new("Squeeze", Squeeze),
        new("Unsqueeze", Unsqueeze),
        new("Concat", node =>
        {
            var axis = node.Int("axis", 1);
            return inputs => inputs.All() is var parts ? [cat(parts, parts[0].Axis(axis))] : [];
        }),
        new("Split", Split),
        new("Expand", _ => Kernels.Of((x, shape) => Expanded(x, shape.Longs()))),
        new("Tile", Tile),
        new("DepthToSpace", DepthToSpace),
        new("SpaceToDepth", SpaceToDepth),
        new("Trilu", Trilu),
    ];

    /// <summary>Broadcast to the common shape of the tensor and what is asked for.</summary>
    public static Tensor Expanded(Tensor x, long[] shape)
    {
        var rank = Math.Max(shape.Length, (int)x.Dimensions);
        long[] have = [.. Enumerable.Repeat(1L, rank - (int)x.Dimensions), .. x.shape];
        long[] want = [.. Enumerable.Repeat(1L, rank - shape.Length), .. shape];
        return x.expand(Sizes.Allowed([.. want.Zip(have, (w, h) => w == 1 ? h : w)]));
    }

    private static Kernel Reshape(Operation node)
    {
        var (shape, zeroIsZero) = (node.Longs("shape", 1), node.Flag("allowzero"));
        return inputs =>
        {
            var (x, wanted) = (inputs.At(0), shape(inputs.TryAt(1)) ?? throw new InputException("no shape is given"));
            return [x.reshape([.. wanted.Select((size, axis) => size == 0 && !zeroIsZero && axis < x.Dimensions ? x.shape[axis] : size)])];
        };
    }

    private static Kernel Flatten(Operation node)
    {
        var first = node.Int("axis", 1);
        return Kernels.Of(x =>
        {
            var axis = (int)(first < 0 ? first + x.Dimensions : first);
            var rows = x.shape[..axis].Aggregate(1L, (a, b) => a * b);
            return x.numel() > 0 ? x.reshape(rows, -1) : x.reshape(rows, x.shape[axis..].Aggregate(1L, (a, b) => a * b));
        });
    }

    private static Kernel Transpose(Operation node)
    {
        var order = node.Ints("perm");
        return Kernels.Of(x => x.permute(order ?? [.. Enumerable.Range(0, (int)x.Dimensions).Reverse().Select(axis => (long)axis)]));
    }

    private static Kernel Squeeze(Operation node)
    {
        var axes = node.Longs("axes", 1);
        return inputs =>
        {
            var x = inputs.At(0);
            var given = axes(inputs.TryAt(1))?.Select(axis => x.Axis(axis)).ToHashSet();
            return [x.reshape([.. x.shape.Where((size, axis) => given is null ? size != 1 : !given.Contains(axis))])];
        };
    }

    private static Kernel Unsqueeze(Operation node)
    {
        var axes = node.Longs("axes", 1);
        return inputs =>
        {
            var (x, given) = (inputs.At(0), axes(inputs.TryAt(1)) ?? []);
            var rank = x.Dimensions + given.Length;
            return [given.Select(axis => Kernels.Axis(axis, rank)).Order().Aggregate(x, (y, axis) => y.unsqueeze(axis))];
        };
    }

    private static Kernel Split(Operation node)
    {
        var (given, sizes) = (node.Int("axis", 0), node.Longs("split", 1));
        var parts = node.Int("num_outputs", node.Outputs);
        return inputs =>
        {
            var x = inputs.At(0);
            var axis = x.Axis(given);
            var each = sizes(inputs.TryAt(1)) ?? Even(x.shape[axis], parts);
            return x.split(each, axis);
        };
    }

    // The last part is smaller where the parts do not come out even.
    private static long[] Even(long whole, long parts)
    {
        var size = (whole + parts - 1) / Math.Max(1, parts);
        return [.. Enumerable.Range(0, (int)parts).Select(part => Math.Clamp(whole - (part * size), 0, size))];
    }

    private static Kernel Tile(Operation node) => node.Version < 6
        ? Kernels.Of((x, tiles, axis) => x.tile([.. x.shape.Select((_, a) => a == x.Axis(axis.Longs()[0]) ? tiles.Longs()[0] : 1)]))
        : Kernels.Of((x, repeats) =>
        {
            var times = repeats.Longs();
            Sizes.Allowed([.. times.Zip(x.shape, (a, b) => checked(a * b))]);
            return x.repeat(times);
        });

    private static Kernel DepthToSpace(Operation node)
    {
        var (block, columnsFirst) = (Block(node), node.Text("mode", "DCR") == "CRD");
        return Kernels.Of(x =>
        {
            var (n, c, h, w) = (x.shape[0], x.shape[1] / (block * block), x.shape[2], x.shape[3]);
            var apart = columnsFirst
                ? x.reshape(n, c, block, block, h, w).permute(0, 1, 4, 2, 5, 3)
                : x.reshape(n, block, block, c, h, w).permute(0, 3, 4, 1, 5, 2);               // (N, C, H, block, W, block)
            return apart.reshape(n, c, h * block, w * block);
        });
    }

    private static Kernel SpaceToDepth(Operation node)
    {
        var block = Block(node);
        return Kernels.Of(x =>
        {
            var (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2] / block, x.shape[3] / block);
            return x.reshape(n, c, h, block, w, block).permute(0, 3, 5, 1, 2, 4).reshape(n, c * block * block, h, w);
        });
    }

    private static long Block(Operation node)
    {
        var block = node.RequiredInt("blocksize");
        return block > 0 ? block : throw node.Refused($"has blocks of {block}");
    }

    private static Kernel Trilu(Operation node)
    {
        var upper = node.Flag("upper", true);
        return inputs =>
        {
            var diagonal = inputs.TryAt(1)?.Longs()[0] ?? 0;
            return [upper ? inputs.At(0).triu(diagonal) : inputs.At(0).tril(diagonal)];
        };
    }
}
