using static TorchSharp.Aten;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Resamples (N, C, …) to a size or by a factor a dimension; give one of the two.</summary>
            /// <exception cref="ArgumentException">Both or none of size and factor, or a mode that does not go with the number of dimensions.</exception>
            public static Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest,
                bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false)
            {
                var dimensions = (int)x.Dimensions - 2;
                RequireTarget(dimensions, size, scale_factor);
                if (align_corners is not null && mode is InterpolationMode.Nearest or InterpolationMode.NearestExact or InterpolationMode.Area)
                    align_corners = align_corners is true ? throw new ArgumentException($"align_corners has no meaning for the mode {mode}.") : null;
                if (size is null && (recompute_scale_factor || mode == InterpolationMode.Area)) (size, scale_factor) = (Scaled(x.shape, scale_factor!), null);
                return mode switch
                {
                    InterpolationMode.Area => Area(dimensions, x, size!),
                    InterpolationMode.Nearest => Op($"upsample_nearest{dimensions}d.vec", x, size, scale_factor),
                    InterpolationMode.NearestExact => Op($"_upsample_nearest_exact{dimensions}d.vec", x, size, scale_factor),
                    _ => Op($"{Smooth(mode, dimensions, antialias)}.vec", x, size, align_corners ?? false, scale_factor),
                };
            }

            private static void RequireTarget(int dimensions, long[]? size, double[]? factors)
            {
                if (dimensions is < 1 or > 3) throw new ArgumentException($"Interpolation takes 3, 4 or 5 dimensions (N, C, …), not {dimensions + 2}.");
                if (size is null == factors is null) throw new ArgumentException("Give a size or scale factors, one of the two.");
                if ((size?.Length ?? factors!.Length) != dimensions)
                    throw new ArgumentException($"{size?.Length ?? factors!.Length} numbers were given for {dimensions} dimensions to resample.");
            }

            private static long[] Scaled(long[] shape, double[] factors) => [.. factors.Select((factor, i) => (long)Math.Floor(shape[i + 2] * factor))];

            private static Tensor Area(int dimensions, Tensor x, long[] size) => Op($"adaptive_avg_pool{dimensions}d", x, size);

            private static string Smooth(InterpolationMode mode, int dimensions, bool antialias) => (mode, dimensions, antialias) switch
            {
                (InterpolationMode.Linear, 1, false) => "upsample_linear1d",
                (InterpolationMode.Bilinear, 2, false) => "upsample_bilinear2d",
                (InterpolationMode.Bicubic, 2, false) => "upsample_bicubic2d",
                (InterpolationMode.Trilinear, 3, false) => "upsample_trilinear3d",
                (InterpolationMode.Bilinear, 2, true) => "_upsample_bilinear2d_aa",
                (InterpolationMode.Bicubic, 2, true) => "_upsample_bicubic2d_aa",
                _ => throw new ArgumentException($"The mode {mode}{(antialias ? " with antialias" : "")} does not resample {dimensions} dimensions."),
            };

            public static Tensor upsample(Tensor input, long[]? size = null, double[]? scale_factor = null, UpsampleMode mode = UpsampleMode.Nearest, bool align_corners = false) =>
                interpolate(input, size, scale_factor, (InterpolationMode)mode, mode == UpsampleMode.Nearest ? null : align_corners);

            public static Tensor upsample_nearest2d(Tensor input, long[]? outputSizes = null, double[]? scaleFactors = null) =>
                Op("upsample_nearest2d.vec", input, outputSizes, scaleFactors);
        }
    }
}
