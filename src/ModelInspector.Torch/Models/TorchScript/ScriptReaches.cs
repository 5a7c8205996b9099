using ModelInspector.Models.Costs;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.TorchScript;

/// <summary>What libtorch's operators do to positions, and what they cost. One that is not named here may read everything.</summary>
internal static class ScriptReaches
{
    private static readonly HashSet<string> Pointwise =
    [
        "abs", "acos", "add", "alias", "alpha_dropout", "asin", "atan", "bitwise_and", "bitwise_not", "bitwise_or", "ceil", "celu", "clamp", "clamp_max",
        "clamp_min", "clone", "contiguous", "cos", "cosh", "detach", "div", "dropout", "elu", "eq", "erf", "erfc", "exp", "expm1", "feature_dropout",
        "floor", "floor_divide", "fmod", "gelu", "ge", "gt", "hardshrink", "hardsigmoid", "hardswish", "hardtanh", "le", "leaky_relu", "lerp",
        "log", "log1p", "log2", "log10", "log_sigmoid", "logical_and", "logical_not", "logical_or", "logit", "lt", "masked_fill", "maximum", "minimum",
        "mish", "mul", "nan_to_num", "ne", "neg", "pow", "prelu", "reciprocal", "relu", "relu6", "remainder", "round", "rrelu", "rsqrt", "rsub", "selu",
        "sigmoid", "sign", "silu", "sin", "sinh", "softplus", "softshrink", "softsign", "sqrt", "square", "sub", "tan", "tanh", "tanhshrink",
        "threshold", "to", "tril", "triu", "trunc", "type_as", "where",
    ];

    private static readonly HashSet<string> Moving =
    [
        "cat", "channel_shuffle", "chunk", "constant_pad_nd", "expand", "expand_as", "flatten", "flip", "index_select", "movedim", "narrow", "numpy_T", "pad",
        "permute", "pixel_shuffle", "pixel_unshuffle", "reflection_pad1d", "reflection_pad2d", "repeat", "replication_pad1d", "replication_pad2d", "reshape",
        "reshape_as", "roll", "select", "slice", "split", "split_with_sizes", "squeeze", "stack", "swapaxes", "t", "transpose", "unbind", "unflatten",
        "unsqueeze", "upsample_nearest1d", "upsample_nearest2d", "upsample_nearest3d", "view", "view_as",
    ];

    private static readonly Reach.Pointwise SamePosition = new();

    /// <summary>What a step tells that takes a member from a list, or a value from a branch.</summary>
    public static Telling Handed { get; } = (inputs, output) => AllLike(inputs, output) ? SamePosition : new MovingReach();

    /// <summary>What shape arithmetic tells.</summary>
    public static Telling Shapes { get; } = (_, _) => new Reach.Nothing();

    /// <summary>What a node's step will tell.</summary>
    public static Telling Of(ScriptNode node, Operand arguments)
    {
        var op = Plain(node.Op);
        if (Pointwise.Contains(op)) return (_, _) => SamePosition;
        if (Moving.Contains(op)) return (_, _) => new MovingReach();
        var names = ScriptArguments.Names(node.Schema);
        return (inputs, output) => Named(op, new ScriptArguments(names, (object?[])arguments(inputs)!), output);
    }

    private static Reach? Named(string op, ScriptArguments given, Tensor output) => op switch
    {
        "conv1d" or "conv2d" or "conv3d" or "_convolution" or "convolution" => Convolution(given, output),
        "conv_transpose1d" or "conv_transpose2d" or "conv_transpose3d" => Transposed(given),
        "max_pool1d" or "max_pool2d" or "max_pool3d" or "avg_pool1d" or "avg_pool2d" or "avg_pool3d" or "max_pool2d_with_indices" => Pool(given, op),
        "adaptive_avg_pool1d" or "adaptive_avg_pool2d" or "adaptive_avg_pool3d" or "adaptive_max_pool1d" or "adaptive_max_pool2d" => Adaptive(op, output),
        "mean" or "amax" or "amin" => new MovingReach(),
        "sum" => new MovingReach(IsSum: true),
        "upsample_linear1d" or "upsample_bilinear2d" or "upsample_trilinear3d" => new MovingReach(1),
        "upsample_bicubic2d" => new MovingReach(2),
        "batch_norm" => new Reach.Pointwise { MultiplyAdds = output.numel() },
        "instance_norm" or "group_norm" => new Reach.Everything { MultiplyAdds = output.numel() },
        "layer_norm" => Last(given.List("normalized_shape").Length, output) with { MultiplyAdds = output.numel() },
        "softmax" or "log_softmax" or "cumsum" => new Reach.Pointwise((int)Axis(given.Number("dim"), output)),
        "linear" => new Reach.Pointwise((int)output.Dimensions - 1) { MultiplyAdds = Products.OfMatrices(given.Tensor("input").shape[^1], output) },
        "matmul" or "bmm" or "mm" => Matrices(given, op == "matmul" ? "other" : "mat2", output),
        "addmm" => new Reach.Pointwise(1) { MultiplyAdds = Products.OfMatrices(given.Tensor("mat1").shape[^1], output) },
        "baddbmm" => new Reach.Everything { MultiplyAdds = Products.OfMatrices(given.Tensor("batch1").shape[^1], output) },
        "lstm" or "gru" => Recurrence(given, output),
        "einsum" => new Reach.Everything { MultiplyAdds = Products.OfEinstein(given.Text("equation"), [.. Seen.Tensors(given.List("tensors"))]) },
        _ => null,
    };

    // `aten::relu_` writes what `aten::relu` gives.
    private static string Plain(string op) => op[(op.IndexOf("::", StringComparison.Ordinal) + 2)..] is var name && name.StartsWith('_') ? name : name.TrimEnd('_');

    private static bool AllLike(ReadOnlySpan<object?> inputs, Tensor output)
    {
        foreach (var tensor in Seen.Tensors(inputs.ToArray()))
            if (!tensor.shape.AsSpan().SequenceEqual(output.shape)) return false;
        return true;
    }

    private static long Axis(long axis, Tensor output) => axis < 0 ? axis + output.Dimensions : axis;

    private static Reach.Pointwise Last(int count, Tensor output) => new([.. Enumerable.Range((int)output.Dimensions - count, count)]);

    private static Reach Matrices(ScriptArguments given, string right, Tensor output)
    {
        var (a, b) = (given.Tensor("self"), given.Tensor(right));
        var products = Products.OfMatrices(a.shape[^1], output);
        return a.Dimensions > 1 && b.Dimensions > 1 ? new Reach.Product { MultiplyAdds = products } : new Reach.Everything { MultiplyAdds = products };
    }

    private static Reach Convolution(ScriptArguments given, Tensor output)
    {
        var weight = given.Tensor("weight");
        if (given.Flag("transposed")) return Transposed(given);
        var kernel = weight.shape[2..];
        var (axes, dilations) = (kernel.Length, given.Numbers("dilation", kernel.Length, 1));
        var padding = given.Text("padding") == "same"
            ? [.. kernel.Select((size, axis) => (size - 1) * dilations[axis] / 2)]
            : given.Numbers("padding", axes, 0);
        return new SlidingReach(kernel, given.Numbers("stride", axes, 1), padding, dilations) { MultiplyAdds = Products.OfConvolution(weight, output) };
    }

    private static SlidingReach Transposed(ScriptArguments given)
    {
        var (input, weight) = (given.Tensor("input"), given.Tensor("weight"));
        var kernel = weight.shape[2..];
        return new(kernel, given.Numbers("stride", kernel.Length, 1), given.Numbers("padding", kernel.Length, 0), given.Numbers("dilation", kernel.Length, 1))
        {
            Transposed = true,
            MultiplyAdds = Products.OfTransposed(input, weight),
        };
    }

    // Several outputs are told of one run: the sequence carries the cost.
    private static Reach.Everything Recurrence(ScriptArguments given, Tensor output)
    {
        var input = given.Tensor("input");
        return new()
        {
            MultiplyAdds = output.shape.AsSpan()[..^1].SequenceEqual(input.shape.AsSpan()[..^1])
            ? Products.OfRecurrence(Seen.Tensors(given.List("params")).Where(weight => weight.Dimensions == 2), input) : 0
        };
    }

    // Without strides of its own a pool's windows lie side by side.
    private static SlidingReach Pool(ScriptArguments given, string op)
    {
        var axes = op[op.IndexOf("pool", StringComparison.Ordinal) + 4] - '0';
        var kernel = given.Numbers("kernel_size", axes, 1);
        var strides = given.List("stride").Length == 0 ? kernel : given.Numbers("stride", axes, 1);
        return new(kernel, strides, given.Numbers("padding", axes, 0), given.Numbers("dilation", axes, 1));
    }

    // Where sizes do not divide, windows differ by one; only equal ones have a size.
    private static AdaptiveReach Adaptive(string op, Tensor output) => new(op[op.IndexOf("pool", StringComparison.Ordinal) + 4] - '0', output.shape);
}
