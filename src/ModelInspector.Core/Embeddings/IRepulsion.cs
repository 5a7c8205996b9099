using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>How the repulsion of all points on each other is summed.</summary>
internal interface IRepulsion
{
    /// <summary>Writes Σ_j (y_i − y_j)/(1 + d²)² into <paramref name="forces"/> (points × axes) and returns Z = Σ_{i≠j} 1/(1 + d²).</summary>
    double Forces(Matrix points, Matrix forces);
}

/// <summary>Over all pairs.</summary>
internal sealed class AllPairsRepulsion : IRepulsion
{
    public double Forces(Matrix points, Matrix forces) => ExactRepulsion.Forces(points, forces);
}
