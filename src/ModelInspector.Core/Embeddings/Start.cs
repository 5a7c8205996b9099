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
    /// <summary>Points × axes, with the standard deviation given on the first axis.</summary>
    public static Matrix Of(Start start, Matrix data, int dimensions, double deviation, Job job) => start switch
    {
        Start.Pca => Scaled(Principal(data, dimensions, job), deviation, job.Seed),
        _ => Noise(data.Rows, dimensions, deviation, job.Seed),
    };

    /// <summary>A given map, centred, with the standard deviation given on the first axis.</summary>
    public static Matrix Scaled(Matrix points, double deviation, ulong seed)
    {
        var scaled = new Matrix(points.Rows, points.Columns);
        var factor = 0.0;
        for (var axis = 0; axis < points.Columns; axis++)
        {
            double mean = 0, squares = 0;
            for (var i = 0; i < points.Rows; i++) mean += points[i, axis] / (double)points.Rows;
            for (var i = 0; i < points.Rows; i++) squares += (points[i, axis] - mean) * (points[i, axis] - mean);
            if (axis == 0) factor = deviation / Math.Sqrt(squares / points.Rows);
            for (var i = 0; i < points.Rows; i++) scaled[i, axis] = (float)((points[i, axis] - mean) * factor);
        }
        return double.IsFinite(factor) ? scaled : Noise(points.Rows, points.Columns, deviation, seed);
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

    private static Matrix Noise(int rows, int dimensions, double deviation, ulong seed)
    {
        var (points, random) = (new Matrix(rows, dimensions), new Randomness(seed));
        for (var i = 0; i < points.Values.Length; i++) points.Values[i] = (float)(random.Normal((ulong)i) * deviation);
        return points;
    }
}
