using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx.Operators;

/// <summary>Images read between their pixels by cubic interpolation over the sixteen around a place.</summary>
/// <param name="Padding">What lies beyond the edge: <c>zeros</c>, <c>border</c> or <c>reflection</c>.</param>
/// <param name="IsAligned">Whether -1 and 1 are the centres of the corner pixels, instead of their outer edges.</param>
internal sealed record CubicSampling(string Padding, bool IsAligned)
{
    // The coefficient that ONNX and libtorch use.
    private const double Free = -0.75;

    /// <summary>Image (N, C, H, W) at places (N, h, w, 2), x before y, from -1 to 1.</summary>
    public Tensor Sample(Tensor image, Tensor places)
    {
        var (rows, columns) = (Placed(places.select(3, 1), image.shape[2]), Placed(places.select(3, 0), image.shape[3]));
        var sum = zeros([image.shape[0], image.shape[1], .. places.shape[1..3]], image.dtype, image.device);
        for (var dy = -1; dy <= 2; dy++)
            for (var dx = -1; dx <= 2; dx++)
            {
                var weight = Weight(rows - rows.floor() - dy) * Weight(columns - columns.floor() - dx);       // (N, h, w)
                sum += Pixels(image, rows.floor() + dy, columns.floor() + dx) * weight.unsqueeze(1);
            }
        return sum;
    }

    private Tensor Placed(Tensor at, long size) => IsAligned ? (at + 1) * ((size - 1) / 2.0) : ((at + 1) * size - 1) / 2;

    private static Tensor Weight(Tensor offset)
    {
        var d = offset.abs();
        var near = ((d * (Free + 2)) - (Free + 3)) * d * d + 1;
        var far = ((((d * Free) - (5 * Free)) * d) + (8 * Free)) * d - (4 * Free);
        return where(d.le(1), near, far);
    }

    private Tensor Pixels(Tensor image, Tensor rows, Tensor columns)
    {
        var (n, c, h, w) = (image.shape[0], image.shape[1], image.shape[2], image.shape[3]);
        var (y, x) = (Inside(rows.detach(), h), Inside(columns.detach(), w));
        var index = (y * w + x).to(ScalarType.Int64).reshape(n, 1, -1).expand(n, c, -1);
        var values = image.reshape(n, c, h * w).gather(2, index).reshape(n, c, rows.shape[1], rows.shape[2]);
        return Padding == "zeros" ? values * (y.eq(rows).logical_and(x.eq(columns))).to(image.dtype).unsqueeze(1) : values;
    }

    private Tensor Inside(Tensor index, long size) => (Padding == "reflection" ? Reflected(index, size) : index).clamp(0.0, size - 1.0);

    private Tensor Reflected(Tensor index, long size)
    {
        var (low, span) = IsAligned ? (0.0, size - 1.0) : (-0.5, (double)size);
        if (span == 0) return zeros_like(index);
        var distance = (index - low).abs();
        var rest = distance.remainder(span);
        var isEven = distance.div(span, RoundingMode.floor).remainder(2.0).eq(0.0);
        return where(isEven, rest + low, span - rest + low);
    }
}
