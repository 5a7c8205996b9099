using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>
/// A start on the graph's slowest vibrations: eigenvectors of the normalised adjacency D^(−½) W D^(−½) after the first. Source: Belkin and
/// Niyogi, Laplacian eigenmaps, 2003. Needs a graph in one piece.
/// </summary>
internal static class SpectralStart
{
    private const int Steps = 160, StepsOfFew = 400, Few = 20000;
    private const double Tolerance = 3e-4;

    /// <summary>Points × dimensions, or null when the graph is in several pieces or too small.</summary>
    public static Matrix? Of(SparseRows graph, int dimensions, Job job)
    {
        if (graph.Rows < dimensions + 2 || Pieces(graph) > 1) return null;
        job.Report("spectral start", 0, 1);
        var roots = new float[graph.Rows];
        for (var row = 0; row < graph.Rows; row++)
        {
            var degree = 0.0;
            foreach (var weight in graph.ValuesOf(row)) degree += weight;
            roots[row] = (float)Math.Sqrt(degree);
        }
        var length = Math.Sqrt(roots.Sum(root => (double)root * root));
        float[] first = [.. roots.Select(root => (float)(root / length))];
        var (_, vectors) = Lanczos.Largest(graph.Rows, (x, y) => Multiply(graph, roots, x, y), first, dimensions, graph.Rows <= Few ? StepsOfFew : Steps, Tolerance, job.Seed);
        job.Report("spectral start", 1, 1);
        if (vectors.Length < dimensions) return null;
        var points = new Matrix(graph.Rows, dimensions);
        for (var row = 0; row < graph.Rows; row++)
            for (var axis = 0; axis < dimensions; axis++) points[row, axis] = vectors[axis][row];
        return points;
    }

    /// <summary>Number of connected pieces.</summary>
    public static int Pieces(SparseRows graph)
    {
        var (seen, pieces, waiting) = (new bool[graph.Rows], 0, new Stack<int>());
        for (var root = 0; root < graph.Rows; root++)
        {
            if (seen[root]) continue;
            pieces++;
            seen[root] = true;
            for (waiting.Push(root); waiting.TryPop(out var row);)
                foreach (var other in graph.ColumnsOf(row))
                    if (!seen[other])
                    {
                        seen[other] = true;
                        waiting.Push(other);
                    }
        }
        return pieces;
    }

    private static void Multiply(SparseRows graph, float[] roots, float[] x, float[] y) => RowParallel.Run(graph.Rows, 1024, (_, from, to) =>
    {
        for (var row = from; row < to; row++)
        {
            var sum = 0f;
            for (var k = graph.Starts[row]; k < graph.Starts[row + 1]; k++) sum += graph.Values[k] * x[graph.Columns[k]] / roots[graph.Columns[k]];
            y[row] = sum / roots[row];
        }
    });
}
