using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Products of matrices and tensors.</summary>
internal sealed class MatrixProduct : IOperatorFamily
{
    public IEnumerable<Operator> Operators =>
    [
        new("MatMul", _ => Kernels.Of((a, b) => a.matmul(b))),
        new("Gemm", Gemm),
        new("Einsum", node =>
        {
            var equation = node.Text("equation", "").Replace(" ", "", StringComparison.Ordinal);
            return inputs => [einsum(equation, inputs.All())];
        }),
        new("Det", _ => Kernels.Of(x => linalg.det(x))),
    ];

    private static Kernel Gemm(Operation node)
    {
        var (alpha, beta) = (node.Float("alpha", 1), node.Float("beta", 1));
        var (transA, transB) = (node.Flag("transA"), node.Flag("transB"));
        if (alpha == 1 && beta == 1 && !transA && transB) return inputs => [Linear(inputs.At(0), inputs.At(1), inputs.TryAt(2))];
        return inputs =>
        {
            var (a, b, c) = (inputs.At(0), inputs.At(1), inputs.TryAt(2));
            var product = (transA ? a.t() : a).matmul(transB ? b.t() : b);
            var scaled = alpha == 1 ? product : product.is_floating_point() ? product * alpha : (product * alpha).to(product.dtype);
            return [c is null || beta == 0 ? scaled : scaled + (beta == 1 ? c : (c * beta).to(c.dtype))];
        };
    }

    private static Tensor Linear(Tensor x, Tensor weight, Tensor? bias) =>
        bias is null || (bias.Dimensions == 1 && bias.shape[0] == weight.shape[0]) ? F.linear(x, weight, bias) : x.matmul(weight.t()) + bias;
}
