using ModelInspector.Models.Costs;
using ModelInspector.Models.Onnx.Operators;
using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx;

/// <summary>What ONNX's operators do to positions, and what they cost. One that is not named here may read everything.</summary>
internal static class Reaches
{
    private static readonly HashSet<string> Pointwise =
    [
        "Abs", "Acos", "Acosh", "Add", "And", "Asin", "Asinh", "Atan", "Atanh", "BitShift", "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor",
        "Cast", "CastLike", "Ceil", "Celu", "Clip", "Cos", "Cosh", "DequantizeLinear", "Div", "Dropout", "Elu", "Equal", "Erf", "Exp", "Floor",
        "Gelu", "Greater", "GreaterOrEqual", "HardSigmoid", "HardSwish", "Identity", "IsInf", "IsNaN", "LRN", "LeakyRelu", "Less", "LessOrEqual",
        "Log", "Max", "Mean", "Min", "Mish", "Mod", "Mul", "Neg", "Not", "Or", "PRelu", "Pow", "QuantizeLinear", "QuickGelu", "Reciprocal", "Relu",
        "Round", "Selu", "Shrink", "Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Softsign", "Sqrt", "Sub", "Sum", "Swish", "Tan", "Tanh",
        "ThresholdedRelu", "Trilu", "Where", "Xor",
    ];

    private static readonly HashSet<string> Moving =
    [
        "Concat", "DepthToSpace", "Expand", "Flatten", "Gather", "GlobalAveragePool", "GlobalMaxPool", "Pad", "ReduceMax", "ReduceMean", "ReduceMin", "Reshape",
        "Slice", "SpaceToDepth", "Split", "Squeeze", "Tile", "Transpose", "Unsqueeze",
    ];

    private static readonly Reach.Pointwise SamePosition = new();

    /// <summary>What a step tells that hands on what it is given.</summary>
    public static Telling Same { get; } = (_, _) => SamePosition;

    /// <summary>What a node's step will tell.</summary>
    public static Telling Of(Operator entry, Operation node)
    {
        if (entry.ReadsShape) return (_, _) => new Reach.Nothing();
        if (Pointwise.Contains(entry.Name)) return Same;
        if (Moving.Contains(entry.Name)) return (_, _) => new MovingReach();
        return Named(entry.Name, node) ?? ((_, _) => null);
    }

    private static Telling? Named(string op, Operation node) => op switch
    {
        "Conv" or "ConvInteger" => Convolution(node),
        "ConvTranspose" => Transposed(node),
        "MaxPool" or "AveragePool" or "LpPool" => Pool(node),
        "ReduceSum" or "ReduceL1" or "ReduceL2" => (_, _) => new MovingReach(IsSum: true),
        "Resize" or "Upsample" => Resized(node),
        "BatchNormalization" => (_, output) => new Reach.Pointwise { MultiplyAdds = output.numel() },
        "InstanceNormalization" or "GroupNormalization" => (_, output) => new Reach.Everything { MultiplyAdds = output.numel() },
        "LayerNormalization" or "RMSNormalization" or "SimplifiedLayerNormalization" => (_, output) => From(node.Int("axis", -1), output) with { MultiplyAdds = output.numel() },
        "MeanVarianceNormalization" => (_, output) => new Reach.Pointwise([.. (node.Ints("axes") ?? [0, 2, 3]).Select(axis => (int)output.Axis(axis))]) { MultiplyAdds = output.numel() },
        "LpNormalization" => (_, output) => At(node.Int("axis", -1), output),
        "Softmax" or "LogSoftmax" or "Hardmax" => (_, output) => node.Version < 13 ? From(node.Int("axis", 1), output) : At(node.Int("axis", -1), output),
        "MatMul" or "MatMulInteger" => (inputs, output) => new Reach.Product { MultiplyAdds = Products.OfMatrices(inputs.At(0).shape[^1], output) },
        "Gemm" => Gemm(node),
        "Einsum" => (inputs, _) => new Reach.Everything { MultiplyAdds = Products.OfEinstein(node.Text("equation", ""), inputs.All()) },
        "LSTM" or "GRU" or "RNN" => (inputs, output) => Recurrence(inputs, output),
        _ => null,
    };

    private static Reach.Pointwise At(long axis, Tensor output) => new((int)output.Axis(axis));

    private static Reach.Pointwise From(long axis, Tensor output) =>
        new([.. Enumerable.Range((int)output.Axis(axis), (int)(output.Dimensions - output.Axis(axis)))]);

    private static Telling Convolution(Operation node)
    {
        var window = Window.Of(node);
        return (inputs, output) => Sliding(window, inputs.At(0), inputs.At(1).shape[2..]) with { MultiplyAdds = Products.OfConvolution(inputs.At(1), output) };
    }

    private static Telling Pool(Operation node)
    {
        var (window, kernel) = (Window.Of(node), node.RequiredInts("kernel_shape"));
        return (inputs, _) => Sliding(window, inputs.At(0), kernel);
    }

    private static SlidingReach Sliding(Window window, Tensor input, long[] kernel)
    {
        var on = window.On(input, kernel);
        return new(kernel, on.Strides, on.Begin, on.Dilations);
    }

    // Automatic padding of a transposed convolution is what is left over, halved.
    private static Telling Transposed(Operation node)
    {
        var (window, extra) = (Window.Of(node), node.Ints("output_padding"));
        return (inputs, output) =>
        {
            var (input, kernel) = (inputs.At(0), inputs.At(1).shape[2..]);
            var on = window.For(kernel.Length);
            var declared = window.Auto is "NOTSET" or "" && node.Ints("output_shape") is null;
            long[] begin = declared ? on.Begin : [.. kernel.Select((size, axis) =>
                ((on.Strides[axis] * (input.shape[axis + 2] - 1)) + (extra?[axis] ?? 0) + ((size - 1) * on.Dilations[axis]) + 1 - output.shape[axis + 2]) / 2)];
            return new SlidingReach(kernel, on.Strides, begin, on.Dilations) { Transposed = true, MultiplyAdds = Products.OfTransposed(input, inputs.At(1)) };
        };
    }

    private static Telling Resized(Operation node)
    {
        var around = node.Text("mode", "nearest") switch { "linear" or "bilinear" => 1, "cubic" => 2, _ => 0 };
        return (_, _) => new MovingReach(around);
    }

    private static Telling Gemm(Operation node)
    {
        var (transA, transB) = (node.Flag("transA"), node.Flag("transB"));
        return (inputs, output) =>
        {
            var products = Products.OfMatrices(inputs.At(0).shape[transA ? 0 : ^1], output);
            return transA || transB ? new Reach.Pointwise(1) { MultiplyAdds = products } : new Reach.Product { MultiplyAdds = products };
        };
    }

    private static Reach Recurrence(ReadOnlySpan<object?> inputs, Tensor output) => new Reach.Everything
    {
        // Three outputs are told of one run: the sequence carries the cost.
        MultiplyAdds = output.Dimensions == 4 ? Products.OfRecurrence([inputs.At(1), inputs.At(2)], inputs.At(0)) : 0,
    };
}
