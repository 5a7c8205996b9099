using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Comparisons, logic and choice.</summary>
internal sealed class Logic : IOperatorFamily
{
    public IEnumerable<Operator> Operators =>
    [
        Truth("Equal", (a, b) => a.eq(b)),
        Truth("Greater", (a, b) => a.gt(b)),
        Truth("GreaterOrEqual", (a, b) => a.ge(b)),
        Truth("Less", (a, b) => a.lt(b)),
        Truth("LessOrEqual", (a, b) => a.le(b)),
        Truth("And", (a, b) => a.logical_and(b)),
        Truth("Or", (a, b) => a.logical_or(b)),
        Truth("Xor", logical_xor),
        Operator.Giving(ValueKind.Truth, "Not", _ => Kernels.Of(x => x.logical_not())),
        Operator.Giving(ValueKind.Truth, "IsNaN", _ => Kernels.Of(x => x.isnan())),
        Operator.Giving(ValueKind.Truth, "IsInf", Infinite),
        Whole("BitwiseAnd", _ => Kernels.Of((a, b) => a & b)),
        Whole("BitwiseOr", _ => Kernels.Of((a, b) => a | b)),
        Whole("BitwiseXor", _ => Kernels.Of((a, b) => a ^ b)),
        Whole("BitwiseNot", _ => Kernels.Of(x => ~x)),
        new("Where", _ => Kernels.Of(where)) { Gives = (node, _) => node.KindOf(1) },
    ];

    private static Operator Truth(string name, Func<Tensor, Tensor, Tensor> formula) =>
        Operator.Giving(ValueKind.Truth, name, node => Elementwise.Broadcast(node, formula));

    private static Operator Whole(string name, Prepare prepare) => Operator.Giving(ValueKind.Whole, name, prepare, since: 18);

    private static Kernel Infinite(Operation node) => (node.Flag("detect_positive", true), node.Flag("detect_negative", true)) switch
    {
        (true, true) => Kernels.Of(x => x.isinf()),
        (true, false) => Kernels.Of(x => x.eq(float.PositiveInfinity)),
        (false, true) => Kernels.Of(x => x.eq(float.NegativeInfinity)),
        _ => Kernels.Of(x => zeros_like(x, ScalarType.Bool)),
    };
}
