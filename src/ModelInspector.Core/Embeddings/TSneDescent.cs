using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>
/// Gradient descent of t-SNE: momentum and one gain a coordinate (van der Maaten and Hinton 2008), learning rate n/exaggeration in every
/// phase (Belkina et al. 2019), steps of at most 5 so that nothing flies away.
/// </summary>
internal sealed class TSneDescent
{
    private const int Chunk = 4096, CentreEvery = 10;
    private const float LongestStep = 5;
    private readonly AttractionGraph affinities;
    private readonly IRepulsion repulsion;
    private readonly Matrix attraction, push;
    private readonly float[] velocity, gains;
    private int steps;

    public TSneDescent(AttractionGraph affinities, Matrix start, IRepulsion repulsion)
    {
        (this.affinities, this.repulsion, Points) = (affinities, repulsion, start);
        (attraction, push) = (new Matrix(start.Rows, start.Columns), new Matrix(start.Rows, start.Columns));
        (velocity, gains) = (new float[start.Values.Length], new float[start.Values.Length]);
        Array.Fill(gains, 1);
    }

    /// <summary>Where the points are.</summary>
    public Matrix Points { get; }

    /// <summary>One step; returns the length of the gradient.</summary>
    public double Step(double exaggeration, double rate)
    {
        var z = repulsion.Forces(Points, push);
        affinities.Forces(Points, attraction);
        // The gradient's factor 4 is taken into the learning rate, as is usual.
        var rates = new MomentumStep.Rates((float)exaggeration, (float)(1 / z), (float)rate, LongestStep);
        var squares = RowParallel.Sum(Points.Values.Length, Chunk, (from, to) => MomentumStep.Apply(
            Points.Values.AsSpan(from, to - from), attraction.Values.AsSpan(from), push.Values.AsSpan(from), velocity.AsSpan(from), gains.AsSpan(from), rates));
        if (++steps % CentreEvery == 0) Centre();
        return 4 * Math.Sqrt(squares);
    }

    /// <summary>The divergence KL(P‖Q) where the points are.</summary>
    public double Divergence() => affinities.Divergence(Points) + Math.Log(repulsion.Forces(Points, push));

    /// <summary>Moves the points' mean to the origin; the forces do not know where that is.</summary>
    public void Centre()
    {
        for (var axis = 0; axis < Points.Columns; axis++)
        {
            var mean = 0.0;
            for (var i = 0; i < Points.Rows; i++) mean += Points[i, axis];
            mean /= Points.Rows;
            for (var i = 0; i < Points.Rows; i++) Points[i, axis] -= (float)mean;
        }
    }
}
