using System.Globalization;
using System.Text;
using ModelInspector.Datasets;

namespace ModelInspector.Core.Tests.Datasets;

/// <summary>A codec for tests: one line "channels width height maximum", then the values as text.</summary>
internal sealed class PlainCodec : IImageCodec
{
    public int Decoded;

    public Picture Decode(ReadOnlySpan<byte> file, string name)
    {
        Interlocked.Increment(ref Decoded);
        var words = Encoding.ASCII.GetString(file).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 4 || !words.All(word => float.TryParse(word, CultureInfo.InvariantCulture, out _))) throw new InputException($"{name} is no image.");
        var numbers = words.Select(word => float.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        return new Picture((int)numbers[1], (int)numbers[2], (int)numbers[0], numbers[3], numbers[4..]);
    }

    public byte[] EncodePng(Picture picture) =>
        Encoding.ASCII.GetBytes($"{picture.Channels} {picture.Width} {picture.Height} {picture.Maximum}\n{string.Join(' ', picture.Values)}");

    public byte[] EncodeJpeg(Picture picture, int quality) => EncodePng(picture);

    public static void Grey(string path, int height, int width, Func<int, int, float> value, float maximum = 255) =>
        File.WriteAllBytes(path, new PlainCodec().EncodePng(new Picture(width, height, 1, maximum,
            [.. from row in Enumerable.Range(0, height) from column in Enumerable.Range(0, width) select value(row, column)])));
}
