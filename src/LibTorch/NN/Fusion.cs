using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>The convolution that does what a convolution followed by a batch normalisation in evaluation does.</summary>
            public static (Parameter weight, Parameter bias) fuse_conv_bn_weights(Tensor conv_w, Tensor? conv_b, Tensor bn_rm, Tensor bn_rv, double bn_eps, Tensor? bn_w, Tensor? bn_b, bool transpose = false)
            {
                long[] byOutput = [.. Enumerable.Range(0, (int)conv_w.Dimensions).Select(d => d == (transpose ? 1 : 0) ? -1L : 1L)];
                return Fuse(conv_w, byOutput, conv_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b);
            }

            public static (Parameter weight, Parameter bias) fuse_linear_bn_weights(Tensor linear_w, Tensor? linear_b, Tensor bn_rm, Tensor bn_rv, double bn_eps, Tensor bn_w, Tensor bn_b) =>
                Fuse(linear_w, [-1, 1], linear_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b);

            /// <summary>The linear layer that does what a linear layer followed by a batch normalisation in evaluation does.</summary>
            public static Linear fuse_linear_bn_eval(Linear linear, BatchNorm bn)
            {
                if (linear.training || bn.training) throw new InvalidOperationException("Fusion is for layers in evaluation: call eval() first.");
                var (weight, bias) = fuse_linear_bn_weights(linear.weight, linear.bias, bn.running_mean!, bn.running_var!, bn.eps, bn.weight, bn.bias!);
                var fused = Linear(weight, bias);
                fused.eval();
                return fused;
            }

            private static (Parameter, Parameter) Fuse(Tensor weight, long[] byOutput, Tensor? bias, Tensor mean, Tensor variance, double eps, Tensor? scale, Tensor? shift)
            {
                using var still = no_grad();
                using var scope = NewDisposeScope();
                var factor = (variance + eps).rsqrt();
                if (scale is not null) factor = factor * scale;
                var centred = bias is null ? -mean : bias - mean;
                var moved = shift is null ? centred * factor : (centred * factor) + shift;
                var (fused, fusedBias) = (new Parameter(weight * factor.reshape(byOutput), weight.requires_grad), new Parameter(moved, bias?.requires_grad ?? weight.requires_grad));
                fused.MoveToOuterDisposeScope();
                fusedBias.MoveToOuterDisposeScope();
                return (fused, fusedBias);
            }
        }
    }
}
