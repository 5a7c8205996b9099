using TorchSharp.Modules;
using static TorchSharp.Aten;
using static TorchSharp.Modules.Lengths;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor max_pool1d(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                MaxPool(1, input, [kernel_size], Of(1, stride), Of(1, padding), Of(1, dilation), ceil_mode);

            public static Tensor max_pool2d(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                MaxPool(2, input, kernel_size, strides, padding, dilation, ceil_mode);

            public static Tensor max_pool2d(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, Of(2, kernel_size), Of(2, stride), Of(2, padding), Of(2, dilation), ceil_mode);

            public static Tensor max_pool2d(Tensor input, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, Of(kernel_size), Of(stride), Of(padding), Of(dilation), ceil_mode);

            public static Tensor max_pool3d(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                MaxPool(3, input, kernel_size, strides, padding, dilation, ceil_mode);

            public static (Tensor output, Tensor indices) max_pool1d_with_indices(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                MaxPoolWithIndices(1, input, [kernel_size], Of(1, stride), Of(1, padding), Of(1, dilation), ceil_mode);

            public static (Tensor output, Tensor indices) max_pool2d_with_indices(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                MaxPoolWithIndices(2, input, kernel_size, strides, padding, dilation, ceil_mode);

            public static (Tensor output, Tensor indices) max_pool3d_with_indices(Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                MaxPoolWithIndices(3, input, kernel_size, strides, padding, dilation, ceil_mode);

            private static Tensor MaxPool(int dimensions, Tensor input, long[] kernel, long[]? stride, long[]? padding, long[]? dilation, bool ceil) =>
                Op($"max_pool{dimensions}d", input, kernel, stride ?? kernel, padding ?? Of(dimensions, 0), dilation ?? Of(dimensions, 1), ceil);

            private static (Tensor, Tensor) MaxPoolWithIndices(int dimensions, Tensor input, long[] kernel, long[]? stride, long[]? padding, long[]? dilation, bool ceil) =>
                Two($"max_pool{dimensions}d_with_indices", input, kernel, stride ?? kernel, padding ?? Of(dimensions, 0), dilation ?? Of(dimensions, 1), ceil);

            public static Tensor avg_pool1d(Tensor input, long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true) =>
                Op("avg_pool1d", input, Of(1, kernel_size), Of(1, stride ?? kernel_size), Of(1, padding ?? 0), ceil_mode, count_include_pad);

            public static Tensor avg_pool2d(Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                Op("avg_pool2d", input, kernel_size, stride ?? kernel_size, padding ?? Of(2, 0), ceil_mode, count_include_pad, divisor_override);

            public static Tensor avg_pool2d(Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(input, Of(2, kernel_size), Of(2, stride), Of(2, padding), ceil_mode, count_include_pad, divisor_override);

            public static Tensor avg_pool2d(Tensor input, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(input, Of(kernel_size), Of(stride), Of(padding), ceil_mode, count_include_pad, divisor_override);

            public static Tensor avg_pool3d(Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                Op("avg_pool3d", input, kernel_size, stride ?? kernel_size, padding ?? Of(3, 0), ceil_mode, count_include_pad, divisor_override);

            public static Tensor adaptive_avg_pool1d(Tensor input, long output_size) => Op("adaptive_avg_pool1d", input, Of(1, output_size));
            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size) => Op("adaptive_avg_pool2d", input, output_size);
            public static Tensor adaptive_avg_pool2d(Tensor input, (long, long) output_size) => adaptive_avg_pool2d(input, Of(output_size));
            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) => adaptive_avg_pool2d(input, Of(2, output_size));
            public static Tensor adaptive_avg_pool3d(Tensor input, long[] output_size) => Op("adaptive_avg_pool3d", input, output_size);
            public static Tensor adaptive_avg_pool3d(Tensor input, (long, long, long) output_size) => adaptive_avg_pool3d(input, Of(output_size));
            public static Tensor adaptive_avg_pool3d(Tensor input, long output_size) => adaptive_avg_pool3d(input, Of(3, output_size));
            public static Tensor adaptive_max_pool1d(Tensor input, long output_size) => AdaptiveMaxPool(1, input, [output_size]);
            public static Tensor adaptive_max_pool2d(Tensor input, long[] output_size) => AdaptiveMaxPool(2, input, output_size);
            public static Tensor adaptive_max_pool3d(Tensor input, long[] output_size) => AdaptiveMaxPool(3, input, output_size);

            private static Tensor AdaptiveMaxPool(int dimensions, Tensor input, long[] size)
            {
                var (output, indices) = Two($"adaptive_max_pool{dimensions}d", input, size);
                indices.Dispose();
                return output;
            }

            /// <summary>(Σ |x|^p over the window, with the sign of Σ x^p) to the power 1/p.</summary>
            public static Tensor lp_pool1d(Tensor input, double norm_type, long kernel_size, long? stride = null, bool ceil_mode = false) =>
                WrappedTensorDisposeScope(() => Root(avg_pool1d(input.pow(norm_type), kernel_size, stride, null, ceil_mode), norm_type, kernel_size));

            public static Tensor lp_pool2d(Tensor input, double norm_type, long[] kernel_size, long[]? stride = null, bool ceil_mode = false) =>
                WrappedTensorDisposeScope(() => Root(avg_pool2d(input.pow(norm_type), kernel_size, stride, null, ceil_mode), norm_type, kernel_size[0] * kernel_size[1]));

            public static Tensor lp_pool2d(Tensor input, double norm_type, long kernel_size, long? stride = null, bool ceil_mode = false) =>
                lp_pool2d(input, norm_type, Of(2, kernel_size), Of(2, stride), ceil_mode);

            private static Tensor Root(Tensor mean, double p, double count) => (mean.sign() * relu(mean.abs())).mul(count).pow(1 / p);
        }
    }
}
