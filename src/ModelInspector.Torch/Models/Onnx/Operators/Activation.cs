using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Activation functions.</summary>
internal sealed class Activation : IOperatorFamily
{
    public IEnumerable<Operator> Operators =>
    [
        Operator.Of("Relu", x => x.relu()),
        Operator.Of("Sigmoid", x => x.sigmoid()),
        Operator.Of("Tanh", x => x.tanh()),
        Operator.Of("Softplus", x => F.softplus(x)),
        Operator.Of("Softsign", x => x / (x.abs() + 1)),
        Operator.Of("HardSwish", x => F.hardswish(x)),
        Operator.Of("Mish", x => x * F.softplus(x).tanh()),
        new("LeakyRelu", node => With(node.Float("alpha", 0.01f), (x, slope) => x.leaky_relu(slope))),
        new("Elu", node => With(node.Float("alpha", 1), (x, alpha) => x.elu(alpha))),
        new("Celu", node => With(node.Float("alpha", 1), (x, alpha) => x.elu(alpha, 1, 1 / alpha))),
        new("ThresholdedRelu", node => With(node.Float("alpha", 1), (x, alpha) => x * x.gt(alpha).to(x.dtype))),
        new("Swish", node => With(node.Float("alpha", 1), (x, alpha) => x * x.mul(alpha).sigmoid())),
        new("QuickGelu", node => With(node.Float("alpha", 1.702f), (x, alpha) => x * x.mul(alpha).sigmoid())) { Domain = "com.microsoft" },
        new("Selu", Selu),
        new("PRelu", ParametricRelu),
        new("HardSigmoid", HardSigmoid),
        new("Gelu", node => node.Text("approximate", "none") == "tanh" ? Kernels.Of(x => F.gelu(x, GELU.Approximate.tanh)) : Kernels.Of(x => x.gelu()))
        {
            Since = 20,
        },
        new("Gelu", _ => Kernels.Of(x => x.gelu())) { Domain = "com.microsoft" },
        new("Shrink", Shrink),
        new("Softmax", node => OverAxis(node, (x, axis) => x.softmax(axis))),
        new("LogSoftmax", node => OverAxis(node, (x, axis) => x.log_softmax(axis))),
        new("Hardmax", node => OverAxis(node, (x, axis) =>
            zeros_like(x).scatter(axis, x.argmax(axis, keepdim: true), ones_like(x)))) { Differentiable = false },
        new("Dropout", Dropout) { Gives = (_, output) => output == 0 ? null : ValueKind.Truth, Settings = [1, 2] },
    ];

    private static Kernel With(float setting, Func<Tensor, float, Tensor> formula) => Kernels.Of(x => formula(x, setting));

    private static Kernel Selu(Operation node)
    {
        var (alpha, gamma) = (node.Float("alpha", 1.67326319217681884765625f), node.Float("gamma", 1.05070102214813232421875f));
        return Kernels.Of(x => x.elu(alpha, gamma, 1));
    }

    private static Kernel ParametricRelu(Operation node) => Kernels.Of((x, slope) =>
    {
        // Until version 7 a vector of slopes meant one a channel; later it is broadcast like any tensor.
        var slopes = node.Version < 7 && slope.Dimensions == 1 && x.Dimensions > 1
            ? slope.reshape([-1, .. Enumerable.Repeat(1L, (int)x.Dimensions - 2)]) : slope;
        return x.relu() - (x.neg().relu() * slopes);
    });

    private static Kernel HardSigmoid(Operation node)
    {
        var (alpha, beta) = (node.Float("alpha", 0.2f), node.Float("beta", 0.5f));
        return Kernels.Of(x => x.mul(alpha).add(beta).clamp(0.0, 1.0));
    }

    private static Kernel Shrink(Operation node)
    {
        var (bias, limit) = (node.Float("bias", 0), node.Float("lambd", 0.5f));
        return Kernels.Of(x =>
        {
            var real = x.to(ScalarType.Float32);
            return (where(real.lt(-limit), real + bias, zeros_like(real)) + where(real.gt(limit), real - bias, zeros_like(real))).to(x.dtype);
        });
    }

    // Until version 13 everything from the axis on was one distribution.
    private static Kernel OverAxis(Operation node, Func<Tensor, long, Tensor> formula)
    {
        if (node.Version >= 13)
        {
            var last = node.Int("axis", -1);
            return Kernels.Of(x => formula(x, x.Axis(last)));
        }
        var first = node.Int("axis", 1);
        return Kernels.Of(x =>
        {
            var axis = (int)(x.Dimensions == first ? first : x.Axis(first));
            return formula(x.reshape(x.shape[..axis].Aggregate(1L, (a, b) => a * b), -1), 1).reshape(x.shape);   // (rows, values)
        });
    }

    // Networks are looked at as they predict, so a dropout passes its input on.
    private static Kernel Dropout(Operation node) =>
        node.Wants(1) ? inputs => [inputs.At(0), ones_like(inputs.At(0), ScalarType.Bool)] : inputs => [inputs.At(0)];
}
