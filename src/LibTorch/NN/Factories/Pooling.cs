using TorchSharp.Modules;
using static TorchSharp.Modules.Lengths;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static MaxPool1d MaxPool1d(long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
            new(Of(1, kernel_size), Of(1, stride ?? kernel_size), Of(1, padding ?? 0), Of(1, dilation ?? 1), ceil_mode);
        public static MaxPool2d MaxPool2d(long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
            new(Of(2, kernel_size), Of(2, stride ?? kernel_size), Of(2, padding ?? 0), Of(2, dilation ?? 1), ceil_mode);
        public static MaxPool2d MaxPool2d((long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, bool ceil_mode = false) =>
            new(Of(kernel_size), Of(stride ?? kernel_size), Of(padding) ?? Of(2, 0), Of(dilation) ?? Of(2, 1), ceil_mode);
        public static MaxPool2d MaxPool2d(long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
            new(kernel_size, stride ?? kernel_size, padding ?? Of(2, 0), dilation ?? Of(2, 1), ceil_mode);
        public static MaxPool3d MaxPool3d(long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
            new(Of(3, kernel_size), Of(3, stride ?? kernel_size), Of(3, padding ?? 0), Of(3, dilation ?? 1), ceil_mode);
        public static MaxPool3d MaxPool3d((long, long, long) kernel_size, (long, long, long)? stride = null, (long, long, long)? padding = null, (long, long, long)? dilation = null, bool ceil_mode = false) =>
            new(Of(kernel_size), Of(stride ?? kernel_size), Of(padding) ?? Of(3, 0), Of(dilation) ?? Of(3, 1), ceil_mode);
        public static MaxPool3d MaxPool3d(long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
            new(kernel_size, stride ?? kernel_size, padding ?? Of(3, 0), dilation ?? Of(3, 1), ceil_mode);
        public static AvgPool1d AvgPool1d(long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true) =>
            new(Of(1, kernel_size), Of(1, stride ?? kernel_size), Of(1, padding), ceil_mode, count_include_pad);
        public static AvgPool2d AvgPool2d(long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
            new(kernel_size, stride ?? kernel_size, padding ?? Of(2, 0), ceil_mode, count_include_pad, divisor_override);
        public static AvgPool2d AvgPool2d((long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
            new(Of(kernel_size), Of(stride ?? kernel_size), Of(padding) ?? Of(2, 0), ceil_mode, count_include_pad, divisor_override);
        public static AvgPool2d AvgPool2d(long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
            new(Of(2, kernel_size), Of(2, stride ?? kernel_size), Of(2, padding ?? 0), ceil_mode, count_include_pad, divisor_override);
        public static AvgPool3d AvgPool3d(long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
            new(kernel_size, stride ?? kernel_size, padding ?? Of(3, 0), ceil_mode, count_include_pad, divisor_override);
        public static AvgPool3d AvgPool3d((long, long, long) kernel_size, (long, long, long)? stride = null, (long, long, long)? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
            new(Of(kernel_size), Of(stride ?? kernel_size), Of(padding) ?? Of(3, 0), ceil_mode, count_include_pad, divisor_override);
        public static AvgPool3d AvgPool3d(long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
            new(Of(3, kernel_size), Of(3, stride ?? kernel_size), Of(3, padding ?? 0), ceil_mode, count_include_pad, divisor_override);
        public static LPPool1d LPPool1d(double norm_type, long kernel_size, long? stride = null, bool ceil_mode = false) =>
            new(norm_type, [kernel_size], [stride ?? kernel_size], ceil_mode);
        public static LPPool2d LPPool2d(double norm_type, long[] kernel_size, long[]? stride = null, bool ceil_mode = false) =>
            new(norm_type, kernel_size, stride ?? kernel_size, ceil_mode);
        public static LPPool2d LPPool2d(double norm_type, long kernel_size, long? stride = null, bool ceil_mode = false) =>
            new(norm_type, Of(2, kernel_size), Of(2, stride ?? kernel_size), ceil_mode);
    }
}
