using System.Runtime.CompilerServices;

namespace ModelInspector.Numerics;

/// <summary>
/// Points in space sorted along a Z-curve, with a tree of cubes over them: for sums over all points in which far cubes count as one point at
/// their centre of mass. Source: Barnes and Hut, Nature 1986; for t-SNE van der Maaten, JMLR 2014.
/// </summary>
internal sealed class Octree
{
    private const int Levels = 20, LeafPoints = 8;
    private readonly List<Cube> cubes = [];
    private readonly ulong[] codes;
    private readonly float[] x, y, z;

    /// <param name="points">Points × 3.</param>
    public Octree(Matrix points)
    {
        (codes, Order) = (new ulong[points.Rows], Enumerable.Range(0, points.Rows).ToArray());
        var (low, side) = Frame(points);
        RowParallel.Run(points.Rows, 1024, (_, from, to) =>
        {
            for (var i = from; i < to; i++) codes[i] = Code(points.Row(i), low, side);
        });
        Array.Sort(codes, Order);
        (x, y, z) = (Axis(points, 0), Axis(points, 1), Axis(points, 2));
        Grow(0, points.Rows, 0, side);
    }

    /// <summary>The point at each place of the curve.</summary>
    public int[] Order { get; }

    /// <summary>
    /// Σ_j (y_i − y_j)/(1 + d²)² for the point at a place, into <paramref name="force"/>; returns Σ_{j≠i} 1/(1 + d²). A cube counts as one
    /// point when its side is below <paramref name="angle"/> times its distance.
    /// </summary>
    public double Force(int place, float angle, Span<float> force)
    {
        var (px, py, pz) = (x[place], y[place], z[place]);
        double sum = 0, fx = 0, fy = 0, fz = 0;
        for (var at = 0; at < cubes.Count;)
        {
            var cube = cubes[at];
            float dx = px - cube.X, dy = py - cube.Y, dz = pz - cube.Z, squared = dx * dx + dy * dy + dz * dz;
            var inside = place >= cube.From && place < cube.To;
            if (!inside && cube.Side * cube.Side < angle * angle * squared)
            {
                var q = 1 / (1 + squared);
                float count = cube.To - cube.From, pull = count * q * q;
                (sum, fx, fy, fz) = (sum + count * q, fx + pull * dx, fy + pull * dy, fz + pull * dz);
                at = cube.Next;
            }
            else if (at + 1 == cube.Next)
            {
                for (var other = cube.From; other < cube.To; other++)
                {
                    (dx, dy, dz) = (px - x[other], py - y[other], pz - z[other]);
                    var q = 1 / (1 + dx * dx + dy * dy + dz * dz);
                    (sum, fx, fy, fz) = (sum + q, fx + q * q * dx, fy + q * q * dy, fz + q * q * dz);
                }
                if (inside) sum -= 1; // the point itself, at distance 0
                at = cube.Next;
            }
            else
            {
                at++;
            }
        }
        (force[0], force[1], force[2]) = ((float)fx, (float)fy, (float)fz);
        return sum;
    }

    // Cubes in depth-first order; `Next` skips a cube with all it holds.
    private void Grow(int from, int to, int level, float side)
    {
        var mine = cubes.Count;
        cubes.Add(Mass(from, to, side));
        if (to - from > LeafPoints && level < Levels)
            for (int child = 0, start = from; child < 8 && start < to; child++)
            {
                var end = End(start, to, level, child);
                if (end > start) Grow(start, end, level + 1, side / 2);
                start = end;
            }
        cubes[mine] = cubes[mine] with { Next = cubes.Count };
    }

    private int End(int from, int to, int level, int child)
    {
        var shift = 3 * (Levels - 1 - level);
        var (low, high) = (from, to);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if ((int)((codes[middle] >> shift) & 7) <= child) low = middle + 1; else high = middle;
        }
        return low;
    }

    private Cube Mass(int from, int to, float side)
    {
        double sx = 0, sy = 0, sz = 0;
        for (var i = from; i < to; i++) (sx, sy, sz) = (sx + x[i], sy + y[i], sz + z[i]);
        var count = to - from;
        return new Cube(from, to, 0, side, (float)(sx / count), (float)(sy / count), (float)(sz / count));
    }

    private float[] Axis(Matrix points, int axis) => [.. Order.Select(i => points[i, axis])];

    private static (float[] Low, float Side) Frame(Matrix points)
    {
        float[] low = [.. points.Row(0)], high = [.. low];
        for (var i = 1; i < points.Rows; i++)
            for (var axis = 0; axis < 3; axis++)
                (low[axis], high[axis]) = (Math.Min(low[axis], points[i, axis]), Math.Max(high[axis], points[i, axis]));
        return (low, Math.Max(1e-30f, low.Zip(high, (l, h) => h - l).Max()));
    }

    private static ulong Code(ReadOnlySpan<float> point, float[] low, float side)
    {
        var code = 0UL;
        for (var axis = 0; axis < 3; axis++)
            code |= Spread((ulong)Math.Min((1 << Levels) - 1, (point[axis] - low[axis]) / side * (1 << Levels))) << axis;
        return code;
    }

    // Two empty bits after every bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Spread(ulong value)
    {
        value = (value | (value << 32)) & 0x1F00000000FFFF;
        value = (value | (value << 16)) & 0x1F0000FF0000FF;
        value = (value | (value << 8)) & 0x100F00F00F00F00F;
        value = (value | (value << 4)) & 0x10C30C30C30C30C3;
        return (value | (value << 2)) & 0x1249249249249249;
    }

    private readonly record struct Cube(int From, int To, int Next, float Side, float X, float Y, float Z);
}
