namespace ModelInspector.Neighbors;

/// <summary>The nearest rows of every row: <paramref name="Count"/> each, nearest first, ties by smaller index.</summary>
/// <param name="Rows">Number of rows that asked.</param>
/// <param name="Count">Neighbours of each.</param>
/// <param name="Indices">Rows × count indices of the neighbours, row-major.</param>
/// <param name="Distances">Their distances (Euclidean, not squared; or cosine distance), row-major.</param>
public sealed record NeighborTable(int Rows, int Count, int[] Indices, float[] Distances)
{
    /// <summary>Share of the true neighbours that were found; 1 for an exact search, estimated on a sample of rows otherwise.</summary>
    public double Recall { get; init; } = 1;

    /// <summary>Neighbours of one row.</summary>
    public ReadOnlySpan<int> Of(int row) => Indices.AsSpan(row * Count, Count);

    /// <summary>Distances to the neighbours of one row.</summary>
    public ReadOnlySpan<float> DistancesOf(int row) => Distances.AsSpan(row * Count, Count);
}
