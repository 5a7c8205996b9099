using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>
/// Gradient descent of t-SNE: momentum and one gain a coordinate (Jacobs 1988, as in van der Maaten and Hinton 2008), learning rate
/// n/exaggeration in every phase (Belkina et al. 2019), steps of at most 5 so that nothing flies away.
/// </summary>
internal sealed class TSneDescent(SparseRows affinities, float[][] start, IRepulsion repulsion)
{
    private const int Chunk = 2048;
    private const float Momentum = 0.8f, LongestStep = 5;
    private readonly float[][] attraction = Like(start), push = Like(start), velocity = Like(start), gains = Ones(start);

    /// <summary>Where the points are, one array an axis.</summary>
    public float[][] Points { get; } = start;

    private int Count => Points[0].Length;

    /// <summary>One step; returns the length of the gradient.</summary>
    public double Step(double exaggeration, double rate)
    {
        var z = repulsion.Forces(Points, push);
        Attraction.Forces(affinities, Points, attraction);
        var squared = RowParallel.Sum(Count, Chunk, (from, to) => Move(from, to, (float)exaggeration, (float)(1 / z), (float)rate));
        foreach (var axis in Points) Centre(axis);
        return 4 * Math.Sqrt(squared);
    }

    /// <summary>The divergence KL(P‖Q) where the points are.</summary>
    public double Divergence()
    {
        var z = repulsion.Forces(Points, push);
        return Attraction.Divergence(affinities, Points) + Math.Log(z);
    }

    // Returns the squared length of this part of the gradient (without its factor 4, which the learning rate has taken in).
    private double Move(int from, int to, float exaggeration, float perZ, float rate)
    {
        var sum = 0.0;
        Span<float> step = stackalloc float[Points.Length];
        for (var i = from; i < to; i++)
        {
            var length = 0f;
            for (var axis = 0; axis < step.Length; axis++)
            {
                var slope = exaggeration * attraction[axis][i] - push[axis][i] * perZ;
                ref var gain = ref gains[axis][i];
                gain = slope * velocity[axis][i] < 0 ? gain + 0.2f : Math.Max(gain * 0.8f, 0.01f);
                step[axis] = Momentum * velocity[axis][i] - rate * gain * slope;
                length += step[axis] * step[axis];
                sum += slope * slope;
            }
            var shorten = length > LongestStep * LongestStep ? LongestStep / MathF.Sqrt(length) : 1;
            for (var axis = 0; axis < step.Length; axis++)
                Points[axis][i] += velocity[axis][i] = step[axis] * shorten;
        }
        return sum;
    }

    private static void Centre(float[] axis)
    {
        var mean = (float)(RowParallel.Sum(axis.Length, Chunk * 4, (from, to) => Total(axis.AsSpan(from, to - from))) / axis.Length);
        RowParallel.Run(axis.Length, Chunk * 4, (_, from, to) =>
        {
            for (var i = from; i < to; i++) axis[i] -= mean;
        });
    }

    private static double Total(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum;
    }

    private static float[][] Like(float[][] points) => [.. points.Select(axis => new float[axis.Length])];

    private static float[][] Ones(float[][] points)
    {
        var ones = Like(points);
        foreach (var axis in ones) Array.Fill(axis, 1);
        return ones;
    }
}
