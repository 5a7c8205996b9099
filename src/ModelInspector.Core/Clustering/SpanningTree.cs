using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Clustering;

/// <summary>An edge of a tree.</summary>
internal readonly record struct TreeEdge(int One, int Other, float Length);

/// <summary>The minimum spanning tree of all rows by mutual reachability, max(core, core, distance): Prim's algorithm, one row after the other.</summary>
internal static class SpanningTree
{
    private const int Chunk = 2048, ReportEvery = 1024;

    /// <summary>rows − 1 edges, shortest first, ties in the order of their finding.</summary>
    public static TreeEdge[] Of(Matrix data, float[] cores, Job job)
    {
        var (lengths, from, edges) = (new float[data.Rows], new int[data.Rows], new TreeEdge[data.Rows - 1]);
        Array.Fill(lengths, float.PositiveInfinity);
        var (nearest, current) = (new int[RowParallel.Chunks(data.Rows, Chunk)], 0);
        lengths[0] = float.NaN; // in the tree
        for (var edge = 0; edge < edges.Length; edge++)
        {
            if (edge % ReportEvery == 0) job.Report("hdbscan", edge, edges.Length);
            var last = current;
            RowParallel.Run(data.Rows, Chunk, (chunk, first, end) => nearest[chunk] = Reach(data, cores, lengths, from, last, first, end));
            current = nearest.Where(row => row >= 0).MinBy(row => lengths[row]);
            edges[edge] = new TreeEdge(from[current], current, lengths[current]);
            lengths[current] = float.NaN;
        }
        return [.. edges.OrderBy(edge => edge.Length)];
    }

    // Offers the last row's edges to the rows outside of the tree and returns the nearest of them, -1 for none.
    private static int Reach(Matrix data, float[] cores, float[] lengths, int[] from, int last, int first, int end)
    {
        var nearest = -1;
        var here = data.Row(last);
        for (var row = first; row < end; row++)
        {
            if (float.IsNaN(lengths[row])) continue;
            var length = Math.Max(Math.Max(cores[last], cores[row]), Distance(here, data.Row(row)));
            if (length < lengths[row]) (lengths[row], from[row]) = (length, last);
            if (nearest < 0 || lengths[row] < lengths[nearest]) nearest = row;
        }
        return nearest;
    }

    private static float Distance(ReadOnlySpan<float> one, ReadOnlySpan<float> other) => one.Length == 2
        ? MathF.Sqrt((one[0] - other[0]) * (one[0] - other[0]) + (one[1] - other[1]) * (one[1] - other[1]))
        : TensorPrimitives.Distance(one, other);
}
