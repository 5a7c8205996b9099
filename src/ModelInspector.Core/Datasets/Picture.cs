namespace ModelInspector.Datasets;

/// <summary>A decoded image: rows × columns × channels, interleaved, channels in the order R, G, B(, A) or a single grey one.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1, 3 or 4.</param>
/// <param name="Maximum">The value that means full intensity: 255, 65535, or 1 for float images.</param>
/// <param name="Values">Height × Width × Channels, row-major, in the file's own units.</param>
public sealed record Picture(int Width, int Height, int Channels, float Maximum, float[] Values);

/// <summary>Reads and writes image files. The seam behind which the image library lives.</summary>
public interface IImageCodec
{
    /// <summary>Decodes PNG, JPEG, TIFF, BMP, WebP, JPEG 2000 or PNM, 8 or 16 bit.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="name">Its name, for the error's text.</param>
    /// <exception cref="InputException">The bytes are no image that can be read.</exception>
    Picture Decode(ReadOnlySpan<byte> file, string name);

    /// <summary>Encodes as PNG: 16 bit if <see cref="Picture.Maximum"/> is 65535, else 8 bit.</summary>
    byte[] EncodePng(Picture picture);

    /// <summary>Encodes as 8-bit JPEG.</summary>
    byte[] EncodeJpeg(Picture picture, int quality);
}
