using System.Collections.Immutable;
using System.Numerics.Tensors;
using ModelInspector.Datasets;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>What a trained coder of images can draw: images as it restores them, and what each of its numbers does.</summary>
/// <param name="Coder">The coder, fitted on images.</param>
/// <param name="Channels">Channels of an image: 1 or 3 are drawn as they are, of others the first one.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
public sealed record CodePictures(IFittedCoder Coder, int Channels, int Height, int Width)
{
    private const int Gap = 2, MostCodes = 16, Steps = 9;
    private const double Farthest = 2;

    /// <summary>Restored images under the given ones, from the best restored to the worst, evenly chosen between; <paramref name="errors"/> tells each one's mean squared error.</summary>
    /// <exception cref="InputException">The rows are no such images.</exception>
    public Picture Reconstructions(Matrix images, int count, out ImmutableArray<(int Row, double Error)> errors)
    {
        var restored = Coder.Decode(Coder.Encode(images));
        (int Row, double Error)[] ranked = [.. Enumerable.Range(0, images.Rows).Select(row => (row, Error(images.Row(row), restored.Row(row)))).OrderBy(pair => pair.Item2)];
        errors = [.. Enumerable.Range(0, Math.Min(count, ranked.Length)).Select(i => ranked[(int)((long)i * (ranked.Length - 1) / Math.Max(1, Math.Min(count, ranked.Length) - 1))])];
        return Sheet(images, [.. errors.Select(pair => images.Row(pair.Row).ToArray()), .. errors.Select(pair => restored.Row(pair.Row).ToArray())], errors.Length);
    }

    /// <summary>One line a code: the code goes from −2 to +2 standard deviations of the images' codes, the others stay at their means.</summary>
    /// <exception cref="InputException">The rows are no such images.</exception>
    public Picture Traversal(Matrix images)
    {
        var codes = Coder.Encode(images);
        var shown = Math.Min(MostCodes, codes.Columns);
        (double Mean, double Deviation)[] spread = [.. Enumerable.Range(0, codes.Columns).Select(code => Spread(codes, code))];
        var walks = new Matrix(shown * Steps, codes.Columns);
        for (var walk = 0; walk < walks.Rows; walk++)
            for (var code = 0; code < codes.Columns; code++)
                walks[walk, code] = (float)(spread[code].Mean + (code == walk / Steps ? Farthest * (2.0 * (walk % Steps) / (Steps - 1) - 1) * spread[code].Deviation : 0));
        var drawn = Coder.Decode(walks);
        return Sheet(images, [.. Enumerable.Range(0, drawn.Rows).Select(row => drawn.Row(row).ToArray())], Steps);
    }

    private static (double Mean, double Deviation) Spread(Matrix codes, int code)
    {
        var mean = Enumerable.Range(0, codes.Rows).Average(row => (double)codes[row, code]);
        return (mean, Math.Sqrt(Enumerable.Range(0, codes.Rows).Average(row => (codes[row, code] - mean) * (codes[row, code] - mean))));
    }

    private static double Error(ReadOnlySpan<float> image, ReadOnlySpan<float> restored)
    {
        var distance = (double)TensorPrimitives.Distance(image, restored);
        return distance * distance / image.Length;
    }

    // One scale for the whole sheet: the range of the given images.
    private Picture Sheet(Matrix images, float[][] tiles, int across)
    {
        var (low, high) = (TensorPrimitives.Min<float>(images.Values), TensorPrimitives.Max<float>(images.Values));
        var channels = Channels == 3 ? 3 : 1;
        var down = (tiles.Length + across - 1) / across;
        var (width, height) = (across * (Width + Gap) - Gap, down * (Height + Gap) - Gap);
        var sheet = new Picture(width, height, channels, 255, new float[width * height * channels]);
        Array.Fill(sheet.Values, 255);
        for (var tile = 0; tile < tiles.Length; tile++)
            for (var pixel = 0; pixel < Height * Width; pixel++)
                for (var channel = 0; channel < channels; channel++)
                {
                    var (row, column) = (tile / across * (Height + Gap) + pixel / Width, tile % across * (Width + Gap) + pixel % Width);
                    var share = high > low ? (tiles[tile][channel * Height * Width + pixel] - low) / (high - low) : 0;
                    sheet.Values[(row * width + column) * channels + channel] = 255 * Math.Clamp(share, 0, 1);
                }
        return sheet;
    }
}
