using static TorchSharp.Aten;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <exception cref="ArgumentException">Training on one value a channel: its variance is not defined.</exception>
            public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1E-05)
            {
                if (training && input.NumberOfElements == input.shape[1])
                    throw new ArgumentException($"Expected more than 1 value per channel when training, got input size [{string.Join(",", input.shape)}].");
                return Op("batch_norm", input, weight, bias, running_mean, running_var, training, momentum, eps, true);
            }

            public static Tensor instance_norm(Tensor input, Tensor? running_mean = null, Tensor? running_var = null, Tensor? weight = null, Tensor? bias = null, bool use_input_stats = true, double momentum = 0.1, double eps = 1E-05) =>
                Op("instance_norm", input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, true);

            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1E-05) =>
                Op("group_norm", input, num_groups, weight, bias, eps, true);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1E-05) =>
                Op("layer_norm", input, normalized_shape, weight, bias, eps, true);

            /// <summary>x / (k + α · mean of x² over <paramref name="size"/> neighbouring channels)^β.</summary>
            public static Tensor local_response_norm(Tensor input, long size, double alpha = 0.0001, double beta = 0.75, double k = 1) => WrappedTensorDisposeScope(() =>
            {
                var squares = input.mul(input).reshape(input.shape[0], 1, input.shape[1], -1); // (N, 1, C, positions)
                var means = avg_pool2d(pad(squares, [0, 0, size / 2, (size - 1) / 2]), [size, 1], [1, 1]).reshape(input.shape);
                return input / (means * alpha + k).pow(beta);
            });

            /// <summary>x divided by its p-norm along a dimension, or by <paramref name="eps"/> where that is smaller.</summary>
            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1E-12) => WrappedTensorDisposeScope(() =>
                input / Norm(input, p, dim, keepdim: true).clamp_min(eps).expand_as(input));

            private static Tensor Norm(Tensor input, double p, long dim, bool keepdim) => Op("norm.ScalarOpt_dim", input, p, new[] { dim }, keepdim);
        }
    }
}
