using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelInspector.Numerics;

/// <summary>Spreads unit charges from points to a grid with cubic B-splines, and gathers value and gradient of a field on the grid at points.</summary>
internal static unsafe class CubicGrid
{
    /// <summary>Cells that a point reaches beyond its own, on both sides together, and one for rounding.</summary>
    public const int Margin = 5;

    private static readonly Vector128<float>
        C0 = Vector128.Create(1f, 4, 1, 0) / 6, C1 = Vector128.Create(-3f, 0, 3, 0) / 6, C2 = Vector128.Create(3f, -6, 3, 0) / 6, C3 = Vector128.Create(-1f, 3, -3, 1) / 6;

    /// <summary>Adds every point's charge; returns the rows touched.</summary>
    /// <param name="points">Pairs (x, y); x runs along the columns.</param>
    /// <param name="frame">Origin and cells per unit.</param>
    /// <param name="grid">Rows × stride.</param>
    /// <param name="stride">Values from one row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (int From, int To) Spread(ReadOnlySpan<float> points, Frame frame, float[] grid, int stride)
    {
        int first = int.MaxValue, last = 0;
        fixed (float* cells = grid)
            for (var i = 0; i < points.Length; i += 2)
            {
                float u = (points[i] - frame.X) * frame.PerUnit, v = (points[i + 1] - frame.Y) * frame.PerUnit;
                int column = (int)u, row = (int)v;
                var wx = Weights(u - column);
                var wy = Weights(v - row);
                var cell = cells + (long)(row - 1) * stride + column - 1;
                (first, last) = (Math.Min(first, row - 1), Math.Max(last, row + 3));
                Vector128.MultiplyAddEstimate(Vector128.Create(wy.GetElement(0)), wx, Vector128.Load(cell)).Store(cell);
                cell += stride;
                Vector128.MultiplyAddEstimate(Vector128.Create(wy.GetElement(1)), wx, Vector128.Load(cell)).Store(cell);
                cell += stride;
                Vector128.MultiplyAddEstimate(Vector128.Create(wy.GetElement(2)), wx, Vector128.Load(cell)).Store(cell);
                cell += stride;
                Vector128.MultiplyAddEstimate(Vector128.Create(wy.GetElement(3)), wx, Vector128.Load(cell)).Store(cell);
            }
        return (Math.Min(first, last), last);
    }

    /// <summary>The field and its gradient (per cell) at every point, less what a point does to itself; returns the sum of the field.</summary>
    /// <param name="points">Pairs (x, y); x runs along the columns.</param>
    /// <param name="frame">Origin and cells per unit.</param>
    /// <param name="grid">Rows × stride.</param>
    /// <param name="stride">Values from one row to the next.</param>
    /// <param name="self">What a point does to itself, by place in its cell.</param>
    /// <param name="scale">Factor on the gradient.</param>
    /// <param name="gradient">Receives the scaled gradient, pair by pair.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Gather(ReadOnlySpan<float> points, Frame frame, float[] grid, int stride, SelfField self, float scale, Span<float> gradient)
    {
        var sum = 0.0;
        fixed (float* cells = grid)
            for (var i = 0; i < points.Length; i += 2)
            {
                float u = (points[i] - frame.X) * frame.PerUnit, v = (points[i + 1] - frame.Y) * frame.PerUnit;
                int column = (int)u, row = (int)v;
                u -= column;
                v -= row;
                Vector128<float> wx = Weights(u), wy = Weights(v), sy = Slopes(v);
                var cell = cells + (long)(row - 1) * stride + column - 1;
                Vector128<float> r0 = Vector128.Load(cell), r1 = Vector128.Load(cell + stride), r2 = Vector128.Load(cell + 2 * stride), r3 = Vector128.Load(cell + 3 * (long)stride);
                var across = Mix(wy, r0, r1, r2, r3);
                var own = self.At(u, v);
                sum += Vector128.Dot(across, wx) - own.GetElement(0);
                gradient[i] = (Vector128.Dot(across, Slopes(u)) - own.GetElement(1)) * scale;
                gradient[i + 1] = (Vector128.Dot(Mix(sy, r0, r1, r2, r3), wx) - own.GetElement(2)) * scale;
            }
        return sum;
    }

    /// <summary>Weights of the four nodes around a place in [0, 1) between the middle two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Weights(float t)
    {
        var at = Vector128.Create(t);
        return Vector128.MultiplyAddEstimate(Vector128.MultiplyAddEstimate(Vector128.MultiplyAddEstimate(C3, at, C2), at, C1), at, C0);
    }

    /// <summary>Derivatives of the weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Slopes(float t)
    {
        var at = Vector128.Create(t);
        return Vector128.MultiplyAddEstimate(Vector128.MultiplyAddEstimate(C3 * 3, at, C2 * 2), at, C1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Mix(Vector128<float> w, Vector128<float> r0, Vector128<float> r1, Vector128<float> r2, Vector128<float> r3)
    {
        var low = Vector128.MultiplyAddEstimate(Vector128.Create(w.GetElement(0)), r0, Vector128.Create(w.GetElement(1)) * r1);
        return low + Vector128.MultiplyAddEstimate(Vector128.Create(w.GetElement(2)), r2, Vector128.Create(w.GetElement(3)) * r3);
    }

    /// <summary>Where a grid lies: place (x, y) has the cell coordinates ((x − X)·PerUnit, (y − Y)·PerUnit).</summary>
    public readonly record struct Frame(float X, float Y, float PerUnit);
}
