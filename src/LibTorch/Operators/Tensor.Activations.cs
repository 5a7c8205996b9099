using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor relu() => Ops.Relu.Call(this);
        public Tensor relu_() => Ops.ReluInPlace.Change(this);
        public Tensor relu6() => Ops.Relu6.Call(this);
        public Tensor relu6_() => Ops.Relu6InPlace.Change(this);
        public Tensor leaky_relu(Scalar negative_slope) => Ops.LeakyRelu.Call(this, negative_slope);
        public Tensor leaky_relu_(Scalar negative_slope) => Ops.LeakyReluInPlace.Change(this, negative_slope);
        public Tensor prelu(Tensor target) => Ops.Prelu.Call(this, target);
        public Tensor elu(double alpha = 1) => Ops.Elu.Call(this, alpha);
        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) => Ops.Elu.Call(this, alpha, scale, input_scale);
        public Tensor elu_(double alpha = 1) => Ops.EluInPlace.Change(this, alpha);
        public Tensor celu(Scalar alpha) => Ops.Celu.Call(this, alpha);
        public Tensor selu() => Ops.Selu.Call(this);
        public Tensor selu_() => Ops.SeluInPlace.Change(this);
        public Tensor gelu() => Ops.Gelu.Call(this);
        public Tensor gelu(Modules.GELU.Approximate approximate) => Ops.Gelu.Call(this, approximate.ToString());
        public Tensor silu() => Ops.Silu.Call(this);
        public Tensor silu_() => Ops.SiluInPlace.Change(this);
        public Tensor hardsigmoid() => Ops.Hardsigmoid.Call(this);
        public Tensor hardswish() => Ops.Hardswish.Call(this);
        public Tensor hardtanh(Scalar min, Scalar max) => Ops.Hardtanh.Call(this, min, max);
        public Tensor softplus(double beta = 1, double threshold = 20) => Ops.Softplus.Call(this, beta, threshold);
        public Tensor log_sigmoid() => Ops.LogSigmoid.Call(this);
        public Tensor threshold(Scalar threshold, Scalar value) => Ops.Threshold.Call(this, threshold, value);
    }
}
