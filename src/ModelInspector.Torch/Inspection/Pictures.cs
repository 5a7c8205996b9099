using System.Collections.Immutable;
using ModelInspector.Datasets;
using ModelInspector.Numerics;

namespace ModelInspector.Inspection;

/// <summary>Samples as pictures to look at.</summary>
internal static class Pictures
{
    /// <summary>Whether an input of that shape is a picture: (1 or 3, rows, columns).</summary>
    public static bool Drawable(ImmutableArray<int> shape) => shape is [1 or 3, > 0, > 0];

    /// <summary>What the model sees, before normalisation; an array's row is stretched from its smallest to its largest value.</summary>
    public static Picture Of(LoadedSample sample) => sample.Frame ?? Stretched(sample.Input);

    /// <summary>The picture with 8 bits a channel.</summary>
    public static Picture EightBit(Picture picture) =>
        picture with { Maximum = 255, Values = [.. picture.Values.Select(value => MathF.Round(Math.Clamp(value / picture.Maximum, 0, 1) * 255))] };

    /// <summary>A mask as a picture, white inside.</summary>
    public static Picture Mask(NdArray mask) => new(mask.Shape[1], mask.Shape[0], 1, 255, [.. mask.Values.Select(value => value > 0 ? 255f : 0f)]);

    /// <summary>Draws a picture, shrunk to a square, into an RGB sheet with 8 bits a channel.</summary>
    public static void Paste(Picture picture, Picture sheet, int left, int top, int size)
    {
        var small = EightBit(new Preprocessing { Size = new FrameSize(size, size), Channels = ChannelOrder.Rgb }.Frame(picture));
        for (var row = 0; row < size; row++)
            small.Values.AsSpan(row * size * 3, size * 3).CopyTo(sheet.Values.AsSpan(((top + row) * sheet.Width + left) * 3));
    }

    private static Picture Stretched(NdArray input)
    {
        var (channels, height, width) = (input.Shape[0], input.Shape[1], input.Shape[2]);
        var (low, high) = (input.Values.Min(), input.Values.Max());
        var picture = new Picture(width, height, channels, 1, new float[input.Values.Length]);
        for (var pixel = 0; pixel < width * height; pixel++)
            for (var channel = 0; channel < channels; channel++)
                picture.Values[pixel * channels + channel] = high > low ? (input.Values[channel * width * height + pixel] - low) / (high - low) : 0;
        return picture;
    }
}
