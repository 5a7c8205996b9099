using ModelInspector.Neighbors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>
/// UMAP's fuzzy neighbour graph: w(i→j) = exp(−max(0, d − ρ_i)/σ_i) with ρ_i the distance to the nearest row that is no duplicate and σ_i such
/// that a row's weights sum to log₂ of the number of neighbours; both directions joined as a + b − ab. Source: McInnes, Healy, Melville,
/// arXiv 1802.03426, algorithms 2 and 3.
/// </summary>
internal static class FuzzyGraph
{
    private const double SmallestWidth = 1e-3, OtherLabel = 5, NoLabel = 1;
    private const int Bisections = 64;

    /// <summary>Directed weights, as many a row as neighbours.</summary>
    /// <param name="near">Neighbours; a row's own self counts as one more.</param>
    /// <param name="connected">Whether the nearest neighbour has weight one; new rows are not tied to theirs so.</param>
    public static float[] Weights(NeighborTable near, bool connected = true)
    {
        var weights = new float[near.Distances.Length];
        var everywhere = near.Distances.Length == 0 ? 0 : near.Distances.Average(distance => (double)distance);
        RowParallel.Run(near.Rows, 256, (_, from, to) =>
        {
            for (var row = from; row < to; row++)
                Weigh(near.DistancesOf(row), connected, everywhere, weights.AsSpan(row * near.Count, near.Count));
        });
        return weights;
    }

    /// <summary>The joint graph.</summary>
    public static SparseRows Joint(NeighborTable near, float[] weights)
    {
        using var joined = new JoinedGraph(near.Indices, weights, near.Count, (there, back) => there + back - there * back);
        return joined.Store();
    }

    /// <summary>Weakens edges between rows of different labels (negative: none), then joins the rows' strongest edges anew.</summary>
    public static SparseRows Intersect(SparseRows graph, ReadOnlySpan<int> labels)
    {
        var (other, none) = ((float)Math.Exp(-OtherLabel), (float)Math.Exp(-NoLabel));
        var weights = (float[])graph.Values.Clone();
        for (var row = 0; row < graph.Rows; row++)
        {
            var largest = 0f;
            for (var k = graph.Starts[row]; k < graph.Starts[row + 1]; k++)
            {
                var (mine, theirs) = (labels[row], labels[graph.Columns[k]]);
                weights[k] *= mine < 0 || theirs < 0 ? none : mine != theirs ? other : 1;
                largest = Math.Max(largest, weights[k]);
            }
            for (var k = graph.Starts[row]; k < graph.Starts[row + 1] && largest > 0; k++) weights[k] /= largest;
        }
        return Symmetric(graph with { Values = weights });
    }

    // The pattern is symmetric already: entry (j, i) is found by bisection.
    private static SparseRows Symmetric(SparseRows graph)
    {
        var joint = new float[graph.Values.Length];
        RowParallel.Run(graph.Rows, 256, (_, from, to) =>
        {
            for (var row = from; row < to; row++)
                for (var k = graph.Starts[row]; k < graph.Starts[row + 1]; k++)
                {
                    var column = graph.Columns[k];
                    var (there, back) = (graph.Values[k], graph.ValuesOf(column)[graph.ColumnsOf(column).BinarySearch(row)]);
                    joint[k] = there + back - there * back;
                }
        });
        return graph with { Values = joint };
    }

    private static void Weigh(ReadOnlySpan<float> distances, bool connected, double everywhere, Span<float> weights)
    {
        if (distances.Length == 0) return;
        double nearest = 0, mean = 0;
        foreach (var distance in distances)
        {
            if (nearest == 0 && connected) nearest = distance;
            mean += distance / (double)distances.Length;
        }
        var width = Math.Max(Width(distances, nearest, Math.Log2(distances.Length + 1)), SmallestWidth * (nearest > 0 ? mean : everywhere));
        for (var j = 0; j < distances.Length; j++)
            weights[j] = distances[j] <= nearest || width == 0 ? 1 : (float)Math.Exp(-(distances[j] - nearest) / width);
    }

    private static double Width(ReadOnlySpan<float> distances, double nearest, double wanted)
    {
        double low = 0, high = double.PositiveInfinity, width = 1;
        for (var step = 0; step < Bisections; step++)
        {
            var sum = 0.0;
            foreach (var distance in distances) sum += distance > nearest ? Math.Exp(-(distance - nearest) / width) : 1;
            if (Math.Abs(sum - wanted) < 1e-5) break;
            if (sum > wanted) high = width; else low = width;
            width = double.IsInfinity(high) ? width * 2 : (low + high) / 2;
        }
        return width;
    }
}
