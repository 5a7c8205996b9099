using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>How the repulsion of all points on each other is summed.</summary>
internal interface IRepulsion
{
    /// <summary>Writes Σ_j (y_i − y_j)/(1 + d²)² into <paramref name="forces"/> (one array an axis) and returns Z = Σ_{i≠j} 1/(1 + d²).</summary>
    double Forces(float[][] points, float[][] forces);
}

/// <summary>Over all pairs.</summary>
internal sealed class AllPairsRepulsion : IRepulsion
{
    public double Forces(float[][] points, float[][] forces) => ExactRepulsion.Forces(points, forces);
}
