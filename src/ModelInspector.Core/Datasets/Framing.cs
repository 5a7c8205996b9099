using System.Collections.Immutable;
using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Datasets;

/// <summary>Applies a <see cref="Preprocessing"/> to pictures and masks.</summary>
public static class Framing
{
    private const long LargestArea = 1L << 28;

    /// <summary>
    /// The picture as the model sees it, but with R, G, B (or grey) in the file's own units: channels converted, resized, cropped. Transparent pixels are laid over black.
    /// </summary>
    public static Picture Frame(this Preprocessing preprocessing, Picture picture)
    {
        var plain = Channels(picture, preprocessing.Channels == ChannelOrder.Grey);
        return Resize(preprocessing, plain, preprocessing.Interpolation);
    }

    /// <summary>A framed picture as the model's input (C, H, W): scaled to the range, ordered, normalised.</summary>
    public static NdArray Normalise(this Preprocessing preprocessing, Picture frame)
    {
        var input = new NdArray(frame.Channels, frame.Height, frame.Width);
        for (var channel = 0; channel < frame.Channels; channel++)
        {
            var from = preprocessing.Channels == ChannelOrder.Bgr ? frame.Channels - 1 - channel : channel;
            var (mean, std) = (At(preprocessing.Mean, channel, 0), At(preprocessing.Std, channel, 1));
            var factor = (float)((preprocessing.High - preprocessing.Low) / frame.Maximum / std);
            var offset = (float)((preprocessing.Low - mean) / std);
            var to = input[channel];
            for (var i = 0; i < to.Length; i++) to[i] = frame.Values[i * frame.Channels + from] * factor + offset;
        }
        return input;
    }

    /// <summary>
    /// A mask in the model's frame, (H, W), 1 inside and 0 outside: any non-zero pixel is inside; with <paramref name="lossy"/> only those above half intensity.
    /// </summary>
    public static NdArray FrameMask(this Preprocessing preprocessing, Picture mask, bool lossy)
    {
        var level = lossy ? mask.Maximum / 2 : 0;
        var frame = Resize(preprocessing, Channels(mask, grey: true), Interpolation.Nearest);
        return new NdArray([frame.Height, frame.Width], [.. frame.Values.Select(value => value > level ? 1f : 0f)]);
    }

    /// <summary>The picture's brightness between 0 and 1, (H, W).</summary>
    public static NdArray Intensity(this Picture picture)
    {
        var grey = Channels(picture, grey: true);
        return new NdArray([grey.Height, grey.Width], [.. grey.Values.Select(value => value / grey.Maximum)]);
    }

    /// <summary>
    /// A sample's own brightness between 0 and 1, in the frame of its mask: of its picture, or, for an array's row (C, …), the mean over channels between its least and its greatest value.
    /// </summary>
    public static NdArray Intensity(this LoadedSample sample)
    {
        if (sample.Frame is { } frame) return frame.Intensity();
        var mean = new NdArray(sample.Input.Shape[1..]);
        for (var channel = 0; channel < sample.Input.Shape[0]; channel++) TensorPrimitives.Add(mean.Values, sample.Input[channel], mean.Values);
        var (least, greatest) = (TensorPrimitives.Min(mean.Values), TensorPrimitives.Max(mean.Values));
        var scale = greatest > least ? 1 / (greatest - least) : 0;
        return new NdArray(mean.Shape, [.. mean.Values.Select(value => (value - least) * scale)]);
    }

    private static double At(ImmutableArray<double> values, int channel, double otherwise) =>
        values.IsEmpty ? otherwise : values[channel];

    private static Picture Channels(Picture picture, bool grey)
    {
        var channels = grey ? 1 : 3;
        if (picture.Channels == channels) return picture;
        var result = new Picture(picture.Width, picture.Height, channels, picture.Maximum, new float[picture.Width * picture.Height * channels]);
        for (var pixel = 0; pixel < picture.Width * picture.Height; pixel++)
            Convert(picture.Values.AsSpan(pixel * picture.Channels, picture.Channels), result.Values.AsSpan(pixel * channels, channels), picture.Maximum);
        return result;
    }

    private static void Convert(ReadOnlySpan<float> from, Span<float> to, float maximum)
    {
        var opacity = from.Length == 4 ? from[3] / maximum : 1;
        var (red, green, blue) = from.Length == 1 ? (from[0], from[0], from[0]) : (from[0] * opacity, from[1] * opacity, from[2] * opacity);
        if (to.Length == 1) to[0] = 0.299f * red + 0.587f * green + 0.114f * blue;
        else (to[0], to[1], to[2]) = (red, green, blue);
    }

    private static Picture Resize(Preprocessing preprocessing, Picture picture, Interpolation interpolation)
    {
        if (preprocessing.Size is not { } size) return picture;
        var full = preprocessing.Resize == ResizeMode.Stretch ? size : Covering(preprocessing, size, picture);
        if ((long)Math.Max(full.Height, picture.Height) * full.Width > LargestArea)
            throw new InputException($"An image of {picture.Height}×{picture.Width} would become {full} before its centre is cut out. Use `resize`: \"stretch\", or crop it first.");
        var resized = (full.Height, full.Width) == (picture.Height, picture.Width) ? picture
            : interpolation == Interpolation.Nearest ? Resampling.Nearest(picture, full.Height, full.Width)
            : Resampling.Bilinear(picture, full.Height, full.Width);
        return Resampling.Crop(resized, Centre(full.Height - size.Height), Centre(full.Width - size.Width), size.Height, size.Width);
    }

    // torchvision truncates the longer side and rounds the crop's offset to even.
    private static FrameSize Covering(Preprocessing preprocessing, FrameSize size, Picture picture)
    {
        if (preprocessing.ShortestSide is { } side)
            return picture.Height <= picture.Width
                ? new(side, (int)((long)side * picture.Width / picture.Height))
                : new((int)((long)side * picture.Height / picture.Width), side);
        var scale = Math.Max((double)size.Height / picture.Height, (double)size.Width / picture.Width);
        return new(Math.Max(size.Height, (int)Math.Round(picture.Height * scale)), Math.Max(size.Width, (int)Math.Round(picture.Width * scale)));
    }

    private static int Centre(int excess) => (int)Math.Round(excess / 2.0, MidpointRounding.ToEven);
}
