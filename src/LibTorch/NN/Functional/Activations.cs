using TorchSharp.Modules;
using TorchSharp.Native;
using static TorchSharp.Aten;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor relu(Tensor x, bool inplace = false) => Activate("relu", inplace, x);
            public static Tensor relu6(Tensor x, bool inplace = false) => Activate("relu6", inplace, x);
            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) => Activate("leaky_relu", inplace, input, negative_slope);
            public static Tensor prelu(Tensor input, Tensor weight) => Op("prelu", input, weight);
            public static Tensor elu(Tensor x, double alpha, bool inplace = false) => Activate("elu", inplace, x, alpha);
            public static Tensor selu(Tensor x, bool inplace = false) => Activate("selu", inplace, x);
            public static Tensor celu(Tensor x, double alpha, bool inplace = false) => Activate("celu", inplace, x, alpha);
            public static Tensor gelu(Tensor x) => gelu(x, Modules.GELU.Approximate.none);
            public static Tensor gelu(Tensor x, bool inplace) => gelu(x, Modules.GELU.Approximate.none, inplace);
            public static Tensor gelu(Tensor x, GELU.Approximate approximate, bool inplace = false) => Activate("gelu", inplace, x, approximate.ToString());
            public static Tensor silu(Tensor x, bool inplace = false) => Activate("silu", inplace, x);
            public static Tensor mish(Tensor x, bool inplace = false) => Activate("mish", inplace, x);
            public static Tensor sigmoid(Tensor x) => Op("sigmoid", x);
            public static Tensor sigmoid(Tensor x, bool inplace) => Activate("sigmoid", inplace, x);
            public static Tensor logsigmoid(Tensor x) => Op("log_sigmoid", x);
            public static Tensor tanh(Tensor x, bool inplace = false) => Activate("tanh", inplace, x);
            public static Tensor tanhshrink(Tensor x) => x - x.tanh();
            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => Op("softplus", x, beta, threshold);
            public static Tensor softsign(Tensor x) => x / (x.abs() + 1);
            public static Tensor softshrink(Tensor x, double lambda = 0.5) => Op("softshrink", x, lambda);
            public static Tensor hardshrink(Tensor x, double lambda = 0.5) => Op("hardshrink", x, lambda);
            public static Tensor hardsigmoid(Tensor input, bool inplace = false) => Activate("hardsigmoid", inplace, input);
            public static Tensor hardswish(Tensor input, bool inplace = false) => Activate("hardswish", inplace, input);
            public static Tensor hardtanh(Tensor x, double min_val = -1, double max_val = 1, bool inplace = false) => Activate("hardtanh", inplace, x, min_val, max_val);
            public static Tensor threshold(Tensor x, double threshold, double value, bool inplace = false) => Activate("threshold", inplace, x, threshold, value);
            public static Tensor glu(Tensor input, long dim = -1) => Op("glu", input, dim);
            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => Op("softmax.int", input, dim, dtype);
            public static Tensor softmin(Tensor input, long dim, ScalarType? dtype = null) => softmax(-input, dim, dtype);
            public static Tensor log_softmax(Tensor x, long dim) => Op("log_softmax.int", x, dim);

            /// <summary>An element-wise operator or its in-place form, which writes to its input and returns another handle of it.</summary>
            private static Tensor Activate(string op, bool inplace, params ReadOnlySpan<Value> arguments) => Op(inplace ? op + "_" : op, arguments);
        }
    }
}
