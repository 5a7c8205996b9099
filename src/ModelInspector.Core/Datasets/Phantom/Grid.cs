namespace ModelInspector.Datasets.Phantom;

/// <summary>The one filter that scanner and noise share.</summary>
internal static class Grid
{
    /// <summary>Mixes every pixel with its neighbours, first along rows, then along columns: weights (w, 1, w) / (1 + 2w). The rim repeats.</summary>
    public static void Blur(float[] image, int size, double weight)
    {
        for (var row = 0; row < size; row++) Blur(image.AsSpan(row * size, size), 1, size, (float)weight);
        for (var column = 0; column < size; column++) Blur(image.AsSpan(column), size, size, (float)weight);
    }

    private static void Blur(Span<float> line, int step, int count, float weight)
    {
        var before = line[0];
        for (var i = 0; i < count; i++)
        {
            var here = line[i * step];
            var after = i + 1 < count ? line[(i + 1) * step] : here;
            line[i * step] = (here + weight * (before + after)) / (1 + 2 * weight);
            before = here;
        }
    }
}
