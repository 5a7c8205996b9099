using ModelInspector.Numerics;

namespace ModelInspector.Datasets;

/// <summary>
/// Changes the size of interleaved images. Bilinear resampling is the triangle filter whose width grows with the factor of
/// shrinking, so that no pixel is skipped: what PIL's <c>resize</c> and torchvision's antialiased <c>Resize</c> compute, here without rounding to bytes in between.
/// </summary>
internal static class Resampling
{
    public static Picture Bilinear(Picture picture, int height, int width) =>
        Rows(Columns(picture, Weights.Of(picture.Width, width)), Weights.Of(picture.Height, height));

    public static Picture Nearest(Picture picture, int height, int width)
    {
        var result = new Picture(width, height, picture.Channels, picture.Maximum, new float[height * width * picture.Channels]);
        for (var row = 0; row < height; row++)
            for (var column = 0; column < width; column++)
                Pixel(picture, Under(row, picture.Height, height), Under(column, picture.Width, width)).CopyTo(Pixel(result, row, column));
        return result;
    }

    public static Picture Crop(Picture picture, int top, int left, int height, int width)
    {
        if (height == picture.Height && width == picture.Width) return picture;
        var result = new Picture(width, height, picture.Channels, picture.Maximum, new float[height * width * picture.Channels]);
        var length = width * picture.Channels;
        for (var row = 0; row < height; row++)
            picture.Values.AsSpan(((top + row) * picture.Width + left) * picture.Channels, length).CopyTo(result.Values.AsSpan(row * length));
        return result;
    }

    private static int Under(int index, int from, int to) => (int)((2L * index + 1) * from / (2L * to));

    private static Span<float> Pixel(Picture picture, int row, int column) =>
        picture.Values.AsSpan((row * picture.Width + column) * picture.Channels, picture.Channels);

    private static Picture Columns(Picture picture, Weights[] columns)
    {
        if (columns.Length == picture.Width) return picture;
        var result = new Picture(columns.Length, picture.Height, picture.Channels, picture.Maximum, new float[picture.Height * columns.Length * picture.Channels]);
        RowParallel.Run(picture.Height, 64, (_, from, to) =>
        {
            for (var row = from; row < to; row++)
                for (var column = 0; column < columns.Length; column++)
                    for (var channel = 0; channel < picture.Channels; channel++)
                        result.Values[(row * columns.Length + column) * picture.Channels + channel] =
                            columns[column].Apply(picture.Values, row * picture.Width * picture.Channels + channel, picture.Channels);
        });
        return result;
    }

    private static Picture Rows(Picture picture, Weights[] rows)
    {
        if (rows.Length == picture.Height) return picture;
        var line = picture.Width * picture.Channels;
        var result = new Picture(picture.Width, rows.Length, picture.Channels, picture.Maximum, new float[rows.Length * line]);
        RowParallel.Run(rows.Length, 16, (_, from, to) =>
        {
            for (var row = from; row < to; row++)
                for (var at = 0; at < line; at++) result.Values[row * line + at] = rows[row].Apply(picture.Values, at, line);
        });
        return result;
    }

    /// <summary>The inputs that one output is made of.</summary>
    private readonly record struct Weights(int First, float[] Shares)
    {
        public static Weights[] Of(int from, int to) => [.. Enumerable.Range(0, to).Select(index => At(index, from, to))];

        public float Apply(float[] values, int start, int step)
        {
            var sum = 0f;
            for (int i = 0, at = start + First * step; i < Shares.Length; i++, at += step) sum += Shares[i] * values[at];
            return sum;
        }

        private static Weights At(int index, int from, int to)
        {
            var scale = (double)from / to;
            var reach = Math.Max(scale, 1);
            var centre = (index + 0.5) * scale;
            var first = Math.Max(0, (int)(centre - reach + 0.5));
            var last = Math.Min(from, (int)(centre + reach + 0.5));
            var shares = Enumerable.Range(first, last - first).Select(at => Math.Max(0, 1 - Math.Abs((at + 0.5 - centre) / reach))).ToArray();
            var sum = shares.Sum();
            return new(first, [.. shares.Select(share => (float)(share / sum))]);
        }
    }
}
