using System.Collections.Immutable;
using ModelInspector.Datasets;
using ModelInspector.Numerics;

namespace ModelInspector.Inspection;

/// <summary>Samples as pictures to look at.</summary>
internal static class Pictures
{
    private const int MostSlices = 32;

    /// <summary>Whether an input of that shape is a picture, (1 or 3, rows, columns), or a volume of pictures, (1 or 3, slices, rows, columns).</summary>
    public static bool Drawable(ImmutableArray<int> shape) => shape is [1 or 3, > 0, > 0] or [1 or 3, > 0, > 0, > 0];

    /// <summary>
    /// What the model sees, before normalisation; an array's row is stretched from its smallest to its largest value. Of a volume, the slice in the middle.
    /// </summary>
    public static Picture Of(LoadedSample sample) => sample.Frame ?? Stretched(sample.Input.Shape is [_, var depth, _, _] ? Sliced(sample.Input, [depth / 2]) : sample.Input);

    /// <summary>The same with a volume's slices one below the other, at most 32 of them, evenly spaced; and how many they are.</summary>
    public static (Picture Picture, int Slices) Stacked(LoadedSample sample) =>
        sample.Frame is null && sample.Input.Shape is [_, var depth, _, _] ? (Stretched(Sliced(sample.Input, Shown(depth))), Shown(depth).Length) : (Of(sample), 1);

    /// <summary>The picture with 8 bits a channel.</summary>
    public static Picture EightBit(Picture picture) =>
        picture with { Maximum = 255, Values = [.. picture.Values.Select(value => MathF.Round(Math.Clamp(value / picture.Maximum, 0, 1) * 255))] };

    /// <summary>A mask as a picture, white inside; a volume's as its picture is stacked.</summary>
    public static Picture Mask(NdArray mask) => mask.Shape is [var depth, var height, var width]
        ? Mask(Sliced(new NdArray([1, depth, height, width], mask.Values), Shown(depth))[0], width)
        : Mask(mask.Values, mask.Shape[1]);

    private static Picture Mask(ReadOnlySpan<float> inside, int width)
    {
        var picture = new Picture(width, inside.Length / width, 1, 255, new float[inside.Length]);
        for (var i = 0; i < inside.Length; i++) picture.Values[i] = inside[i] > 0 ? 255 : 0;
        return picture;
    }

    private static int[] Shown(int depth) => depth <= MostSlices ? [.. Enumerable.Range(0, depth)] : [.. Enumerable.Range(0, MostSlices).Select(i => (int)((i + 0.5) * depth / MostSlices))];

    // (C, D, H, W) → (C, slices · H, W)
    private static NdArray Sliced(NdArray volume, int[] slices)
    {
        var (channels, depth, size) = (volume.Shape[0], volume.Shape[1], volume.Shape[2] * volume.Shape[3]);
        var stack = new NdArray(channels, slices.Length * volume.Shape[2], volume.Shape[3]);
        for (var channel = 0; channel < channels; channel++)
            foreach (var (place, slice) in slices.Index())
                volume.Values.AsSpan((channel * depth + slice) * size, size).CopyTo(stack.Values.AsSpan((channel * slices.Length + place) * size));
        return stack;
    }

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
