using static TorchSharp.Aten;
using static TorchSharp.Modules.Lengths;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor pixel_shuffle(Tensor input, long upscale_factor) => Op("pixel_shuffle", input, upscale_factor);
            public static Tensor pixel_unshuffle(Tensor input, long downscale_factor) => Op("pixel_unshuffle", input, downscale_factor);
            public static Tensor channel_shuffle(Tensor input, long groups) => Op("channel_shuffle", input, groups);

            /// <summary>Lengths to add before and after, from the last dimension backwards.</summary>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                var constant = mode is PaddingModes.Constant or PaddingModes.Zeros;
                return Op("pad", input, pad, constant ? "constant" : mode.ToString().ToLowerInvariant(), constant ? value : (double?)null);
            }

            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, pad.ToArray(), mode, value);

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, Of(pad), mode, value);

            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, Of(2, pad), mode, value);

            public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                Op("im2col", input, Of(2, kernel_size), Of(2, dilation), Of(2, padding), Of(2, stride));

            public static Tensor unfold(Tensor input, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null) =>
                Op("im2col", input, Of(kernel_size), Of(dilation ?? (1, 1)), Of(padding ?? (0, 0)), Of(stride ?? (1, 1)));

            public static Tensor fold(Tensor input, long output_size, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                Op("col2im", input, Of(2, output_size), Of(2, kernel_size), Of(2, dilation), Of(2, padding), Of(2, stride));

            public static Tensor fold(Tensor input, (long, long) output_size, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null) =>
                Op("col2im", input, Of(output_size), Of(kernel_size), Of(dilation ?? (1, 1)), Of(padding ?? (0, 0)), Of(stride ?? (1, 1)));

            /// <summary>A sampling grid in [−1, 1] for affine maps (N,2,3) or (N,3,4).</summary>
            public static Tensor affine_grid(Tensor theta, long[]? size = null, bool align_corners = false)
            {
                ArgumentNullException.ThrowIfNull(size);
                return Op("affine_grid_generator", theta, size, align_corners);
            }

            public static Tensor grid_sample(Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear, GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros, bool? align_corners = null) =>
                Op("grid_sampler", input, grid, mode == GridSampleMode.Nearest ? 1L : 0L, Rank(padding_mode), align_corners ?? false);

            // libtorch counts zeros, border, reflection; the public enumeration zeros, reflection, border.
            private static long Rank(GridSamplePaddingMode mode) => mode switch
            {
                GridSamplePaddingMode.Zeros => 0,
                GridSamplePaddingMode.Border => 1,
                _ => 2,
            };
        }
    }
}
