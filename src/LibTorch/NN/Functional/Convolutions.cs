using static TorchSharp.Aten;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor conv1d(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? dilation = null, long groups = 1) =>
                Op("conv1d", input, weight, bias, Lengths(1, stride, 1), Lengths(1, padding, 0), Lengths(1, dilation, 1), groups);

            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Op("conv2d", input, weight, bias, strides ?? Lengths(2, 1), padding ?? Lengths(2, 0), dilation ?? Lengths(2, 1), groups);

            public static Tensor conv3d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Op("conv3d", input, weight, bias, strides ?? Lengths(3, 1), padding ?? Lengths(3, 0), dilation ?? Lengths(3, 1), groups);

            public static Tensor conv_transpose1d(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? output_padding = null, long? dilation = null, long groups = 1) =>
                Op("conv_transpose1d", input, weight, bias, Lengths(1, stride, 1), Lengths(1, padding, 0), Lengths(1, output_padding, 0), groups, Lengths(1, dilation, 1));

            public static Tensor conv_transpose2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null, long[]? dilation = null, long groups = 1) =>
                Op("conv_transpose2d.input", input, weight, bias, strides ?? Lengths(2, 1), padding ?? Lengths(2, 0), output_padding ?? Lengths(2, 0), groups, dilation ?? Lengths(2, 1));

            public static Tensor conv_transpose3d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null, long[]? dilation = null, long groups = 1) =>
                Op("conv_transpose3d.input", input, weight, bias, strides ?? Lengths(3, 1), padding ?? Lengths(3, 0), output_padding ?? Lengths(3, 0), groups, dilation ?? Lengths(3, 1));

            /// <summary>A convolution of 1 to 3 dimensions padded by rule: <c>valid</c> not at all, <c>same</c> so that the size stays.</summary>
            internal static Tensor Convolve(int dimensions, Tensor input, Tensor weight, Tensor? bias, long[] stride, Padding padding, long[] dilation, long groups) =>
                Op($"conv{dimensions}d.padding", input, weight, bias, stride, padding == Padding.Same ? "same" : "valid", dilation, groups);

            /// <summary>A convolution of 1 to 3 dimensions.</summary>
            internal static Tensor Convolve(int dimensions, Tensor input, Tensor weight, Tensor? bias, long[] stride, long[] padding, long[] dilation, long groups) =>
                Op($"conv{dimensions}d", input, weight, bias, stride, padding, dilation, groups);

            /// <summary>The same length along every dimension.</summary>
            private static long[] Lengths(int dimensions, long length) => Modules.Lengths.Of(dimensions, length);

            private static long[] Lengths(int dimensions, long? length, long otherwise) => Modules.Lengths.Of(dimensions, length ?? otherwise);
        }
    }
}
