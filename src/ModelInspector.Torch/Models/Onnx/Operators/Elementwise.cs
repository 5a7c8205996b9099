using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Functions of single values, and arithmetic with broadcasting.</summary>
internal sealed class Elementwise : IOperatorFamily
{
    public IEnumerable<Operator> Operators => [.. Unary, .. Binary, .. Several];

    private static IEnumerable<Operator> Unary =>
    [
        Operator.Of("Abs", x => x.abs()),
        Operator.Of("Neg", x => x.neg()),
        Operator.Of("Exp", x => x.exp()),
        Operator.Of("Log", x => x.log()),
        Operator.Of("Sqrt", x => x.sqrt()),
        Operator.Of("Reciprocal", x => x.reciprocal()),
        Operator.Of("Floor", x => x.floor()),
        Operator.Of("Ceil", x => x.ceil()),
        Operator.Of("Round", x => x.round()),
        Operator.Of("Sign", x => x.sign()),
        Operator.Of("Erf", x => erf(x)),
        Operator.Of("Sin", x => x.sin()),
        Operator.Of("Cos", x => x.cos()),
        Operator.Of("Tan", x => tan(x)),
        Operator.Of("Asin", x => atan2(x, (1 - x.square()).sqrt())),
        Operator.Of("Acos", x => atan2((1 - x.square()).sqrt(), x)),
        Operator.Of("Atan", x => atan2(x, ones_like(x))),
        Operator.Of("Sinh", x => (x.exp() - x.neg().exp()) / 2),
        Operator.Of("Cosh", x => (x.exp() + x.neg().exp()) / 2),
        Operator.Of("Asinh", x => x.sign() * (x.abs() + (x.square() + 1).sqrt()).log()),
        Operator.Of("Acosh", x => (x + (x.square() - 1).sqrt()).log()),
        Operator.Of("Atanh", x => (x.log1p() - x.neg().log1p()) / 2),
    ];

    private static IEnumerable<Operator> Binary =>
    [
        new("Add", node => Broadcast(node, (a, b) => a + b)),
        new("Sub", node => Broadcast(node, (a, b) => a - b)),
        new("Mul", node => Broadcast(node, (a, b) => a * b)),
        new("Div", node => Broadcast(node, Divided)),
        new("Pow", Power) { Settings = [1] },
        new("Mod", Modulo),
        new("BitShift", node => node.Text("direction", "") == "LEFT"
            ? Kernels.Of((a, b) => a * PowersOfTwo(b))
            : Kernels.Of((a, b) => a.div(PowersOfTwo(b), RoundingMode.floor).to(a.dtype))) { Gives = (_, _) => ValueKind.Whole },
    ];

    private static IEnumerable<Operator> Several =>
    [
        new("Sum", _ => Folded((a, b) => a + b)),
        new("Max", _ => Folded((a, b) => a.maximum(b))),
        new("Min", _ => Folded((a, b) => a.minimum(b))),
        new("Mean", _ => inputs => [inputs.All().Aggregate((a, b) => a + b) / inputs.All().Length]),
        new("Clip", Clip) { Settings = [1, 2] },
    ];

    /// <summary>Until version 7, the second tensor was placed at an axis of the first; since then they are aligned at their ends.</summary>
    public static Kernel Broadcast(Operation node, Func<Tensor, Tensor, Tensor> formula)
    {
        if (node.Version >= 7 || !node.Has("axis")) return Kernels.Of(formula);
        var axis = node.Int("axis", 0);
        return Kernels.Of((a, b) =>
        {
            var behind = a.Dimensions - a.Axis(axis) - b.Dimensions;
            return formula(a, behind > 0 ? b.reshape([.. b.shape, .. Enumerable.Repeat(1L, (int)behind)]) : b);
        });
    }

    private static Tensor Divided(Tensor a, Tensor b) => a.is_floating_point() ? a / b : a.div(b, RoundingMode.trunc);

    private static Tensor PowersOfTwo(Tensor exponents) => full_like(exponents, 2).pow(exponents);

    private static Kernel Power(Operation node)
    {
        // A constant exponent is cheaper as a number, and its gradient is exact at zero.
        if (node.Constant(1) is { } exponent && exponent.numel() == 1 && exponent.Dimensions == 0)
        {
            var value = exponent.Doubles()[0];
            return Kernels.Of((x, _) => (value == 2 ? x.square() : x.pow(value)).to(x.dtype));
        }
        return Broadcast(node, (x, y) => x.pow(y).to(x.dtype));
    }

    private static Kernel Modulo(Operation node) =>
        node.Flag("fmod") ? Kernels.Of((a, b) => fmod(a, b)) : Kernels.Of((a, b) => a.remainder(b));

    private static Kernel Folded(Func<Tensor, Tensor, Tensor> formula) => inputs => [inputs.All().Aggregate(formula)];

    private static Kernel Clip(Operation node)
    {
        if (node.Version < 11)
        {
            var (low, high) = (node.Float("min", float.MinValue), node.Float("max", float.MaxValue));
            return Kernels.Of(x => x.clamp((double)low, (double)high));
        }
        return inputs => [Clipped(inputs.At(0), inputs.TryAt(1), inputs.TryAt(2))];
    }

    // The upper limit wins where the limits cross.
    private static Tensor Clipped(Tensor x, Tensor? low, Tensor? high)
    {
        var above = low is null ? x : x.is_floating_point() ? x.clamp_min(low.Doubles()[0]) : x.maximum(low);
        return high is null ? above : x.is_floating_point() ? above.clamp_max(high.Doubles()[0]) : above.minimum(high);
    }
}
