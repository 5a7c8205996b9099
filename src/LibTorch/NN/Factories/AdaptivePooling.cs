using TorchSharp.Modules;
using static TorchSharp.Modules.Lengths;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static AdaptiveAvgPool1d AdaptiveAvgPool1d(long output_size) => new(Of(1, output_size));
        public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long[] output_size) => new(output_size);
        public static AdaptiveAvgPool2d AdaptiveAvgPool2d((long, long) output_size) => new(Of(output_size));
        public static AdaptiveAvgPool2d AdaptiveAvgPool2d(long output_size) => new(Of(2, output_size));
        public static AdaptiveAvgPool3d AdaptiveAvgPool3d(long[] output_size) => new(output_size);
        public static AdaptiveAvgPool3d AdaptiveAvgPool3d((long, long, long) output_size) => new(Of(output_size));
        public static AdaptiveAvgPool3d AdaptiveAvgPool3d(long output_size) => new(Of(3, output_size));
        public static AdaptiveMaxPool1d AdaptiveMaxPool1d(long output_size) => new(Of(1, output_size));
        public static AdaptiveMaxPool2d AdaptiveMaxPool2d(long[] output_size) => new(output_size);
        public static AdaptiveMaxPool2d AdaptiveMaxPool2d((long, long) output_size) => new(Of(output_size));
        public static AdaptiveMaxPool2d AdaptiveMaxPool2d(long output_size) => new(Of(2, output_size));
        public static AdaptiveMaxPool3d AdaptiveMaxPool3d(long[] output_size) => new(output_size);
        public static AdaptiveMaxPool3d AdaptiveMaxPool3d((long, long, long) output_size) => new(Of(output_size));
        public static AdaptiveMaxPool3d AdaptiveMaxPool3d(long output_size) => new(Of(3, output_size));
    }
}
