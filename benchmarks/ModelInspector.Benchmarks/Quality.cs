using ModelInspector;
using ModelInspector.Embeddings;
using ModelInspector.Evaluation;
using ModelInspector.Neighbors;
using ModelInspector.Numerics;

namespace ModelInspector.Benchmarks;

/// <summary>Scores any tool's map alike: our own measures, and the exact divergence of t-SNE over all pairs in double.</summary>
internal static class Quality
{
    private const double Perplexity = 30;

    public static int Print(string data, string labels, string map)
    {
        var (rows, points) = (Npy.Read(data), Npy.Read(map));
        var classes = Npy.Read(labels).Values.Select(value => (int)value).ToArray();
        var scores = new EmbeddingQuality().Measure(rows, points, classes, Job.Quiet());
        foreach (var name in new[] { "trustworthiness", "continuity", "neighbours kept (k = 10)", "1-NN label accuracy", "rank correlation" })
            Console.WriteLine(FormattableString.Invariant($"SCORE {name} {scores[name].Value:0.0000} ± {scores[name].StandardError:0.0000}"));
        Console.WriteLine(FormattableString.Invariant($"SCORE exact KL {Divergence(rows, points):0.0000}"));
        return 0;
    }

    // Σ p ln p − Σ p ln q over the joined affinities of the exact neighbours, with Z over all pairs.
    private static double Divergence(Matrix rows, Matrix points)
    {
        var near = new ExactNeighbors().Index(rows, Job.Quiet()).All(Affinities.Neighbors(Perplexity, rows.Rows), Job.Quiet());
        var conditional = Affinities.Conditional(near, Perplexity);
        var back = new Dictionary<long, double>(near.Indices.Length);
        for (var i = 0; i < near.Indices.Length; i++) back[(long)(i / near.Count) * rows.Rows + near.Indices[i]] = conditional[i];
        double sum = 0, z = Total(points);
        foreach (var (pair, there) in back)
        {
            var (row, other) = ((int)(pair / rows.Rows), (int)(pair % rows.Rows));
            var returned = back.TryGetValue((long)other * rows.Rows + row, out var found) ? found : 0;
            var p = (there + returned) / (2.0 * rows.Rows);
            // A pair known from one side only stands for both of its directions.
            sum += (returned > 0 ? 1 : 2) * p * Math.Log(p * z / Closeness(points, row, other));
        }
        return sum;
    }

    private static double Total(Matrix points) => RowParallel.Sum(points.Rows, 64, (from, to) =>
    {
        var sum = 0.0;
        for (var row = from; row < to; row++)
            for (var other = 0; other < points.Rows; other++)
                if (other != row) sum += Closeness(points, row, other);
        return sum;
    });

    private static double Closeness(Matrix points, int row, int other)
    {
        double x = points[row, 0] - points[other, 0], y = points[row, 1] - points[other, 1];
        return 1 / (1 + x * x + y * y);
    }
}
