using System.Text;
using ModelInspector.Datasets;

namespace ModelInspector.Images;

/// <summary>
/// Reads and writes image files through OpenCV's imgcodecs: PNG, JPEG, TIFF, BMP, WebP, JPEG 2000 and PNM, 8 or 16 bit (TIFF also float).
/// Grey with alpha is given as four channels. A JPEG is turned upright as its EXIF record says; the other formats are taken as stored.
/// </summary>
public sealed unsafe class OpenCvImageCodec : IImageCodec
{
    /// <summary>Pixels above which a file is refused before it is decoded: 2^27, 1.6 GB of colour values.</summary>
    public const long MostPixels = 1L << 27;

    private static string Expected => $"Expected {Names.Or(ImageHeader.Formats)}";

    /// <inheritdoc/>
    public Picture Decode(ReadOnlySpan<byte> file, string name)
    {
        var header = ImageHeader.Read(file) ?? throw new InputException(file.IsEmpty
            ? $"{name} is empty. {Expected}."
            : $"{name} is no image that can be read: it begins with {Beginning(file)}. {Expected}; convert it with any image program.");
        Check(header, name);
        if (header.Format == "JPEG" && !ImageHeader.JpegIsClosed(file)) throw Damaged(header, name, $"it ends after {file.Length} bytes, before its closing marker");
        return header.Format == "PNG" ? DecodePng(file, header, name) : Pixels(file, header, name);
    }

    /// <inheritdoc/>
    public byte[] EncodePng(Picture picture) => Encode(picture, ".png", 0, wide: picture.Maximum == ushort.MaxValue);

    /// <inheritdoc/>
    /// <remarks>An alpha channel is left out: JPEG has none.</remarks>
    public byte[] EncodeJpeg(Picture picture, int quality)
    {
        if (quality is < 1 or > 100) throw new ArgumentOutOfRangeException(nameof(quality), quality, "JPEG quality is between 1 and 100.");
        return Encode(picture.Channels == 4 ? WithoutAlpha(picture) : picture, ".jpg", quality, wide: false);
    }

    private static void Check(ImageHeader header, string name)
    {
        if (header.Width == 0 || header.Height == 0) throw Damaged(header, name, "its header is cut short or declares no size");
        if (header.Width > MostPixels / header.Height)
            throw new InputException($"{name} is a {header.Format} of {header.Width} × {header.Height} pixels. "
                + $"At most {MostPixels:#,0} pixels are decoded; scale it down or cut it into tiles first.");
    }

    private static Picture DecodePng(ReadOnlySpan<byte> file, ImageHeader header, string name)
    {
        var (essential, damage) = PngChunks.Essential(file);
        return Pixels(essential ?? throw Damaged(header, name, damage!), header, name);
    }

    private static Picture Pixels(ReadOnlySpan<byte> file, ImageHeader header, string name)
    {
        int width, height, channels;
        float maximum;
        float* values;
        fixed (byte* bytes = file)
        {
            var error = ImageBridge.mi_image_decode(bytes, file.Length, header.Format == "JPEG" ? (byte)1 : (byte)0, &width, &height, &channels, &maximum, &values);
            if (NativeSeam.Text(error) is { } text) throw Damaged(header, name, text);
        }
        try
        {
            if (channels is not (1 or 3 or 4)) throw new InputException($"{name} has {channels} channels. Expected grey, grey with alpha, RGB or RGBA.");
            return new Picture(width, height, channels, maximum, new Span<float>(values, checked(width * height * channels)).ToArray());
        }
        finally
        {
            ImageBridge.mi_free(values);
        }
    }

    private static byte[] Encode(Picture picture, string extension, int quality, bool wide)
    {
        Check(picture);
        byte* file;
        long size;
        var scale = (wide ? ushort.MaxValue : byte.MaxValue) / picture.Maximum;
        fixed (float* values = picture.Values)
        {
            var error = ImageBridge.mi_image_encode(
                values, picture.Width, picture.Height, picture.Channels, scale, wide ? (byte)1 : (byte)0, extension, quality, &file, &size);
            if (NativeSeam.Text(error) is { } text) throw new InvalidOperationException($"The picture could not be encoded: {text}.");
        }
        var bytes = new Span<byte>(file, checked((int)size)).ToArray();
        ImageBridge.mi_free(file);
        return bytes;
    }

    private static void Check(Picture picture)
    {
        if (picture.Width < 1 || picture.Height < 1 || picture.Channels is not (1 or 3 or 4)
            || picture.Values.Length != (long)picture.Width * picture.Height * picture.Channels)
            throw new ArgumentException($"{picture.Values.Length} values are no picture of {picture.Width} × {picture.Height} with {picture.Channels} channels (1, 3 or 4).");
        if (!(picture.Maximum > 0)) throw new ArgumentException($"A picture whose full intensity is {picture.Maximum} cannot be encoded; it must be positive.");
        if (Array.FindIndex(picture.Values, float.IsNaN) is var at and >= 0)
            throw new ArgumentException($"Value {at} of the picture is not a number; an image file cannot hold that.");
    }

    private static Picture WithoutAlpha(Picture picture)
    {
        var values = new float[picture.Width * picture.Height * 3];
        for (var pixel = 0; pixel < picture.Width * picture.Height; pixel++) picture.Values.AsSpan(pixel * 4, 3).CopyTo(values.AsSpan(pixel * 3));
        return picture with { Channels = 3, Values = values };
    }

    private static InputException Damaged(ImageHeader header, string name, string why) =>
        new($"{name} is a damaged {header.Format} file: {why}. Copy it again from its source.");

    private static string Beginning(ReadOnlySpan<byte> file)
    {
        var head = file[..Math.Min(16, file.Length)];
        return head.ContainsAnyExceptInRange((byte)9, (byte)126)
            ? "the bytes " + Convert.ToHexString(head[..Math.Min(8, head.Length)])
            : $"the text `{Encoding.ASCII.GetString(head).ReplaceLineEndings(" ")}`";
    }
}
