using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ModelInspector.Numerics;

/// <summary>The repulsion of t-SNE summed over all pairs: Σ_j (y_i − y_j)/(1 + d²)² for every point, and Z = Σ_{i≠j} 1/(1 + d²).</summary>
internal static class ExactRepulsion
{
    private const int Chunk = 64;

    /// <summary>Writes the sums into <paramref name="forces"/>, one array an axis, and returns Z.</summary>
    public static double Forces(float[][] points, float[][] forces)
    {
        var n = points[0].Length;
        var sum = RowParallel.Sum(n, Chunk, (from, to) =>
        {
            var part = 0.0;
            for (var i = from; i < to; i++)
                part += points.Length == 2 ? Plane(i, points, forces) : Space(i, points, forces);
            return part;
        });
        return sum - n; // every point meets itself at distance 0
    }

    private static double Plane(int i, float[][] points, float[][] forces)
    {
        ReadOnlySpan<float> x = points[0], y = points[1];
        float px = x[i], py = y[i];
        ReadOnlySpan<Vector256<float>> xs = MemoryMarshal.Cast<float, Vector256<float>>(x), ys = MemoryMarshal.Cast<float, Vector256<float>>(y);
        Vector256<float> vx = Vector256.Create(px), vy = Vector256.Create(py), z = default, fx = default, fy = default;
        for (var j = 0; j < xs.Length; j++)
        {
            Vector256<float> dx = vx - xs[j], dy = vy - ys[j];
            var q = Vector256<float>.One / Vector256.MultiplyAddEstimate(dx, dx, Vector256.MultiplyAddEstimate(dy, dy, Vector256<float>.One));
            z += q;
            q *= q;
            fx = Vector256.MultiplyAddEstimate(q, dx, fx);
            fy = Vector256.MultiplyAddEstimate(q, dy, fy);
        }
        float sz = Vector256.Sum(z), sx = Vector256.Sum(fx), sy = Vector256.Sum(fy);
        for (var j = xs.Length * Vector256<float>.Count; j < x.Length; j++)
        {
            float dx = px - x[j], dy = py - y[j], q = 1 / (1 + dx * dx + dy * dy);
            (sz, sx, sy) = (sz + q, sx + q * q * dx, sy + q * q * dy);
        }
        (forces[0][i], forces[1][i]) = (sx, sy);
        return sz;
    }

    private static double Space(int i, float[][] points, float[][] forces)
    {
        var n = points[0].Length;
        double z = 0;
        Span<double> force = stackalloc double[points.Length];
        Span<float> apart = stackalloc float[points.Length];
        for (var j = 0; j < n; j++)
        {
            for (var axis = 0; axis < apart.Length; axis++) apart[axis] = points[axis][i] - points[axis][j];
            var q = 1 / (1 + TensorPrimitives.SumOfSquares<float>(apart));
            z += q;
            for (var axis = 0; axis < apart.Length; axis++) force[axis] += q * q * apart[axis];
        }
        for (var axis = 0; axis < force.Length; axis++) forces[axis][i] = (float)force[axis];
        return z;
    }
}
