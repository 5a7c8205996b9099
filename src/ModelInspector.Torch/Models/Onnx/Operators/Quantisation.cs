using System.Collections.Immutable;
using ModelInspector.Models.Onnx.Format;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>
/// Quantised networks, computed in the real numbers that their integers stand for. Rounding has no slope of its own; where a value is
/// rounded and turned back at once, the gradient passes as if it had not been rounded, and stops where it was cut off.
/// </summary>
internal sealed class Quantisation : IOperatorFamily, IFunctionFamily
{
    private const string Internal = "modelinspector";

    private static readonly string[] WindowSettings = ["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"];

    public IEnumerable<Operator> Operators =>
    [
        Operator.Giving(ValueKind.Whole, "QuantizeLinear", Quantize) with { Settings = [1, 2] },
        Operator.Giving(ValueKind.Real, "DequantizeLinear", Dequantize) with { Settings = [1, 2] },
        new("DynamicQuantizeLinear", _ => inputs => Dynamic(inputs.At(0)))
        {
            Gives = (_, output) => output == 1 ? ValueKind.Real : ValueKind.Whole,
            Differentiable = false,
        },
        Operator.Giving(ValueKind.Whole, "ConvInteger", ConvInteger),
        Operator.Giving(ValueKind.Whole, "MatMulInteger", _ => inputs =>
            [Centred(inputs.At(0), inputs.TryAt(2), -2).matmul(Centred(inputs.At(1), inputs.TryAt(3), -1)).to(ScalarType.Int32)]),
        Operator.Giving(ValueKind.Real, "BiasOfProduct", _ => inputs => [Bias(inputs.TryAt(0), inputs.At(1), inputs.At(2))])
            with { Domain = Internal, Settings = [1, 2], Foldable = false },
    ];

    /// <summary>Fused quantised operators are what their names say: turned back, computed, rounded.</summary>
    public IEnumerable<FunctionProto> Functions =>
    [
        new("QLinearConv", "", ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz", "b"], ["y"], [],
        [
            Node("DequantizeLinear", ["x", "xs", "xz"], "xr"),
            Node("DequantizeLinear", ["w", "ws", "wz"], "wr", new AttributeProto("axis") { Type = AttributeType.Int }),
            Node("BiasOfProduct", ["b", "xs", "ws"], "br") with { Domain = Internal },
            Node("Conv", ["xr", "wr", "br"], "yr", [.. WindowSettings.Select(Passed)]),
            Node("QuantizeLinear", ["yr", "ys", "yz"], "y"),
        ], []),
        new("QLinearMatMul", "", ["a", "as", "az", "b", "bs", "bz", "ys", "yz"], ["y"], [],
        [
            Node("DequantizeLinear", ["a", "as", "az"], "ar", new AttributeProto("axis") { Type = AttributeType.Int, Int = -2 }),
            Node("DequantizeLinear", ["b", "bs", "bz"], "br", new AttributeProto("axis") { Type = AttributeType.Int, Int = -1 }),
            Node("MatMul", ["ar", "br"], "yr"),
            Node("QuantizeLinear", ["yr", "ys", "yz"], "y"),
        ], []),
    ];

    private static NodeProto Node(string op, ImmutableArray<string> inputs, string output, params ImmutableArray<AttributeProto> attributes) =>
        new(op, "", op, inputs, [output], attributes);

    private static AttributeProto Passed(string name) => new(name) { Refers = name };

    private static Kernel Quantize(Operation node)
    {
        RefuseBlocks(node);
        var axis = node.Int("axis", 1);
        return inputs =>
        {
            var (x, scale, zero) = (inputs.At(0), inputs.At(1), inputs.TryAt(2));
            var type = zero?.dtype ?? ScalarType.Byte;
            var (low, high) = Range(type);
            var steps = (x / Along(scale, x, axis)).round() + Offset(zero, x, axis);
            return [steps.clamp(low, high).to(type)];
        };
    }

    private static Kernel Dequantize(Operation node)
    {
        RefuseBlocks(node);
        var (axis, hasSource) = (node.Int("axis", 1), node.CaptureSource(0));
        return inputs =>
        {
            var (x, scale, zero) = (inputs.At(0), inputs.At(1), hasSource && inputs.Length == 3 ? null : inputs.TryAt(2));
            var real = (x.to(ScalarType.Float32) - Offset(zero, x, axis)) * Along(scale, x, axis);
            return [hasSource ? PassedThrough(inputs.At(inputs.Length - 1), real, Along(scale, x, axis)) : real];
        };
    }

    // The rounded value with the slope of the unrounded one; beyond the range of the integers there is none.
    private static Tensor PassedThrough(Tensor source, Tensor rounded, Tensor step)
    {
        if (!source.requires_grad) return rounded;
        var inside = (source - rounded).detach().abs().le(step).to(ScalarType.Float32);
        return (source * inside) + (rounded - (source * inside)).detach();
    }

    private static void RefuseBlocks(Operation node)
    {
        if (node.Int("block_size", 0) > 0) throw node.Refused("is quantised in blocks, which is not supported");
    }

    private static (double Low, double High) Range(ScalarType type) => type switch
    {
        ScalarType.Byte => (0, 255),
        ScalarType.Int8 => (-128, 127),
        ScalarType.Int16 => (-32768, 32767),
        _ => throw new InputException($"rounding to {type} is not supported; 8-bit and signed 16-bit integers are"),
    };

    // One value for all, or one for each index of an axis.
    private static Tensor Along(Tensor values, Tensor x, long axis) =>
        values.numel() == 1 ? values.reshape([]) : values.Dimensions != 1 ? values
        : values.reshape([.. Enumerable.Range(0, (int)x.Dimensions).Select(a => a == x.Axis(axis) ? values.shape[0] : 1L)]);

    private static Tensor Offset(Tensor? zero, Tensor x, long axis) =>
        zero is null ? zeros([], ScalarType.Float32, x.device) : Along(zero, x, axis).to(ScalarType.Float32).to(x.device);

    // A bias is counted in steps of the product of both scales.
    private static Tensor? Bias(Tensor? bias, Tensor inputScale, Tensor weightScale) =>
        bias is null ? null : bias.to(ScalarType.Float32) * inputScale * weightScale;

    private static Tensor Centred(Tensor x, Tensor? zero, long axis) => x.to(ScalarType.Float32) - Offset(zero, x, axis);

    private static object?[] Dynamic(Tensor x)
    {
        var (low, high) = (x.min().clamp_max(0), x.max().clamp_min(0));
        var scale = (high - low) / 255;
        var zero = (-low / scale).nan_to_num().round().clamp(0, 255);
        return [((x / scale).nan_to_num().round() + zero).clamp(0, 255).to(ScalarType.Byte), scale, zero.to(ScalarType.Byte)];
    }

    private static Kernel ConvInteger(Operation node)
    {
        var (window, groups) = (Window.Of(node), node.Int("group", 1));
        return inputs =>
        {
            var (x, w) = (Centred(inputs.At(0), inputs.TryAt(2), 0), Centred(inputs.At(1), inputs.TryAt(3), 0));
            return [Convolution.Convolve(x, w, null, window, groups).to(ScalarType.Int32)];
        };
    }
}
