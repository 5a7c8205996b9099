using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ModelInspector.Numerics;

/// <summary>The repulsion of t-SNE summed over all pairs: Σ_j (y_i − y_j)/(1 + d²)² for every point, and Z = Σ_{i≠j} 1/(1 + d²).</summary>
internal static class ExactRepulsion
{
    private const int Chunk = 64;

    /// <summary>Writes the sums into <paramref name="forces"/> (points × axes) and returns Z.</summary>
    public static double Forces(Matrix points, Matrix forces)
    {
        float[][] axes = [.. Enumerable.Range(0, points.Columns).Select(axis => Enumerable.Range(0, points.Rows).Select(i => points[i, axis]).ToArray())];
        var sum = RowParallel.Sum(points.Rows, Chunk, (from, to) =>
        {
            var part = 0.0;
            for (var i = from; i < to; i++)
                part += axes.Length == 2 ? Plane(i, axes[0], axes[1], forces.Row(i)) : Space(i, points, forces.Row(i));
            return part;
        });
        return sum - points.Rows; // every point meets itself at distance 0
    }

    private static double Plane(int i, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> force)
    {
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
        (force[0], force[1]) = (sx, sy);
        return sz;
    }

    private static double Space(int i, Matrix points, Span<float> force)
    {
        var z = 0.0;
        Span<double> sum = stackalloc double[force.Length];
        for (var j = 0; j < points.Rows; j++)
        {
            var apart = TensorPrimitives.Distance(points.Row(i), points.Row(j));
            var q = 1 / (1 + apart * apart);
            z += q;
            for (var axis = 0; axis < force.Length; axis++) sum[axis] += q * q * (points[i, axis] - points[j, axis]);
        }
        for (var axis = 0; axis < force.Length; axis++) force[axis] = (float)sum[axis];
        return z;
    }
}
