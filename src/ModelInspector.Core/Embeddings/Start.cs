using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>Where the points of a map start.</summary>
public enum Start
{
    /// <summary>On the first principal components, so that the map keeps the data's large-scale order.</summary>
    Pca,

    /// <summary>At random.</summary>
    Random,
}

/// <summary>First places for a map.</summary>
internal static class StartingPoints
{
    /// <summary>One array an axis; the first axis has the standard deviation given.</summary>
    public static float[][] Of(Start start, Matrix data, int dimensions, double deviation, Job job) => start switch
    {
        Start.Pca => Scaled(Principal(data, dimensions, job), deviation, job.Seed),
        _ => Noise(data.Rows, dimensions, deviation, job.Seed),
    };

    /// <summary>The columns of a given map, centred, with the standard deviation given on the first axis.</summary>
    public static float[][] Scaled(Matrix points, double deviation, ulong seed)
    {
        var axes = Axes(points);
        var means = axes.Select(axis => axis.Average(value => (double)value)).ToArray();
        var spread = Math.Sqrt(axes[0].Average(value => (value - means[0]) * (value - means[0])));
        if (!(spread > 0)) return Noise(points.Rows, points.Columns, deviation, seed);
        for (var axis = 0; axis < axes.Length; axis++)
            for (var i = 0; i < points.Rows; i++) axes[axis][i] = (float)((axes[axis][i] - means[axis]) * (deviation / spread));
        return axes;
    }

    /// <summary>The columns of a matrix.</summary>
    public static float[][] Axes(Matrix points) =>
        [.. Enumerable.Range(0, points.Columns).Select(axis => Enumerable.Range(0, points.Rows).Select(i => points[i, axis]).ToArray())];

    /// <summary>A matrix of columns.</summary>
    public static Matrix Rows(float[][] axes)
    {
        var points = new Matrix(axes[0].Length, axes.Length);
        for (var axis = 0; axis < axes.Length; axis++)
            for (var i = 0; i < points.Rows; i++) points[i, axis] = axes[axis][i];
        return points;
    }

    // Data of fewer columns than the map has axes start flat on the others.
    private static Matrix Principal(Matrix data, int dimensions, Job job)
    {
        var kept = Math.Min(dimensions, Math.Min(data.Rows, data.Columns));
        var scores = new Pca(kept).Embed(data, job).Points;
        if (kept == dimensions) return scores;
        var wide = new Matrix(data.Rows, dimensions);
        var random = new Randomness(job.Seed, 0x57A7);
        for (var i = 0; i < data.Rows; i++)
            for (var axis = 0; axis < dimensions; axis++)
                wide[i, axis] = axis < kept ? scores[i, axis] : (float)random.Normal((ulong)(i * dimensions + axis)) * 1e-3f;
        return wide;
    }

    private static float[][] Noise(int rows, int dimensions, double deviation, ulong seed) =>
        [.. Enumerable.Range(0, dimensions).Select(axis => Noise(rows, deviation, new Randomness(seed, (ulong)axis)))];

    private static float[] Noise(int rows, double deviation, Randomness random) =>
        [.. Enumerable.Range(0, rows).Select(i => (float)(random.Normal((ulong)i) * deviation))];
}
