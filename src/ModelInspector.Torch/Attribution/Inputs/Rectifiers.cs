using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Inputs;

/// <summary>Gradients with another derivative in place of every ReLU's, each time the ReLU runs.</summary>
internal static class Rectifiers
{
    private static readonly HashSet<string> Ops = ["Relu", "aten::relu", "aten::relu_", "ReLU"];

    /// <summary>The input's gradient where every ReLU is replaced.</summary>
    /// <param name="model">The network.</param>
    /// <param name="batch">(samples, channels, …).</param>
    /// <param name="target">What is explained.</param>
    /// <param name="replacement">What a ReLU gives for its input, with the derivative that is wanted.</param>
    /// <param name="method">Name of the method that asks.</param>
    /// <exception cref="InputException">The network has no ReLU.</exception>
    public static Tensor Gradient(IDifferentiableModel model, Tensor batch, Target target, Func<Tensor, Tensor> replacement, string method)
    {
        if (!model.Graph.Layers.Any(layer => Ops.Contains(layer.Op)))
            throw new InputException($"{model.Graph.Name} has no ReLU, so {method} would be the plain gradient under another name. Choose `gradient`, `smooth-grad` or `lrp`.");
        return LayerGradients.OfInput(model, batch, target, (layer, given, _) => Ops.Contains(layer.Op) ? replacement(given[0]) : null);
    }

    /// <summary>A ReLU that passes back positive gradients only, whatever its input was.</summary>
    public sealed class Deconvolved : autograd.SingleTensorFunction<Deconvolved>
    {
        /// <inheritdoc/>
        public override string Name => nameof(Deconvolved);

        /// <inheritdoc/>
        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).relu();

        /// <inheritdoc/>
        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output.relu()];
    }

    /// <summary>A ReLU that passes back positive gradients only, and only where its input was positive.</summary>
    public sealed class Guided : autograd.SingleTensorFunction<Guided>
    {
        /// <inheritdoc/>
        public override string Name => nameof(Guided);

        /// <inheritdoc/>
        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var output = ((Tensor)vars[0]).relu();
            ctx.save_for_backward([output]);
            return output;
        }

        /// <inheritdoc/>
        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            [grad_output.relu() * ctx.get_saved_variables()[0].gt(0)];
    }
}
