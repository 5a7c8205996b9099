using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelInspector.Numerics;

/// <summary>
/// Scans all pairs of two tiles of rows and offers the near ones to their candidates. A 4 × 24 block of closeness
/// x·y − |x|²/2 − |y|²/2 = −|x − y|²/2 is summed in registers and compared there with both rows' reach: once after the leading columns,
/// whose sum no further column can raise, and again at the end. Only blocks with a hit are ever stored; leaves too far apart are skipped.
/// </summary>
internal static unsafe class PairFilter
{
    private const int Up = 4, Across = PackedRows.Panel, Leaf = PackedRows.Leaf;

    /// <summary>Offers right rows to left rows and, unless <paramref name="back"/> is null, left rows to right rows.</summary>
    public static void Scan(PackedRows left, int leftTile, PackedRows right, int rightTile, CandidateView forth, CandidateView? back)
    {
        var same = ReferenceEquals(left, right) && leftTile == rightTile;
        var (row, column) = (leftTile * left.TileRows, rightTile * right.TileRows);
        var (rows, columns) = (Math.Min(left.Rows, row + left.TileRows), Math.Min(right.Rows, column + right.TileRows));
        for (var j = column; j < columns; j += Leaf)
            for (var i = row; i < rows; i += Leaf)
            {
                var needed = forth.FarthestReach(i, Leaf);
                if (back is not null) needed = Math.Min(needed, back.FarthestReach(j, Leaf));
                if (left.Closest(i / Leaf, right, j / Leaf) >= needed) Leaves(left, i, right, j, forth, back, same && i == j);
            }
    }

    private static void Leaves(PackedRows left, int row, PackedRows right, int column, CandidateView forth, CandidateView? back, bool same)
    {
        var depth = left.Depth;
        var closeness = stackalloc float[Up * Across];
        var nowhere = stackalloc float[Across];
        new Span<float>(nowhere, Across).Fill(float.PositiveInfinity);
        var (rows, columns) = (Math.Min(left.Rows, row + Leaf), Math.Min(right.Rows, column + Leaf));
        fixed (float* reach = forth.Reach, other = back?.Reach)
        fixed (float* m = left.LeadingHalf, n = right.LeadingHalf, m2 = left.OtherHalf, n2 = right.OtherHalf)
            for (var j = column; j < columns; j += Across)
                for (var i = row; i < rows; i += Up)
                    if (Block(left.Leading, depth, left.Panels.Start + (long)(i - i % Across) * depth + i % Across, right.Panels.Start + (long)j * depth,
                        m + i, n + j, m2 + i, n2 + j, reach + i, other == null ? nowhere : other + j, closeness))
                        Offer(closeness, i, j, left.Order, right.Order, forth, back, same);
    }

    // Padding is NaN and never reaches.
    private static void Offer(float* closeness, int row, int column, int[] leftOrder, int[] rightOrder, CandidateView forth, CandidateView? back, bool same)
    {
        for (var i = row; i < row + Up; i++, closeness += Across)
            for (var part = 0; part < Across; part += 8)
            {
                var near = Vector256.Load(closeness + part);
                var hits = Vector256.GreaterThanOrEqual(near, Vector256.Create(forth.Reach[i])).ExtractMostSignificantBits();
                for (; hits != 0; hits &= hits - 1)
                {
                    var j = part + BitOperations.TrailingZeroCount(hits);
                    if (!same || i != column + j) forth.Offer(i, closeness[j], rightOrder[column + j]);
                }
                if (back is null) continue;
                hits = Vector256.GreaterThanOrEqual(near, Vector256.Create(back.Reach.AsSpan(column + part, 8))).ExtractMostSignificantBits();
                for (; hits != 0; hits &= hits - 1)
                {
                    var j = part + BitOperations.TrailingZeroCount(hits);
                    back.Offer(column + j, closeness[j], leftOrder[i]);
                }
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Block(int leading, int depth, float* a, float* b, float* m, float* n, float* m2, float* n2, float* reach, float* other, float* closeness)
    {
        Vector256<float> v0 = Vector256.Load(n), v1 = Vector256.Load(n + 8), v2 = Vector256.Load(n + 16);
        var x = Vector256.Create(m[0]);
        Vector256<float> c00 = v0 + x, c01 = v1 + x, c02 = v2 + x;
        x = Vector256.Create(m[1]);
        Vector256<float> c10 = v0 + x, c11 = v1 + x, c12 = v2 + x;
        x = Vector256.Create(m[2]);
        Vector256<float> c20 = v0 + x, c21 = v1 + x, c22 = v2 + x;
        x = Vector256.Create(m[3]);
        Vector256<float> c30 = v0 + x, c31 = v1 + x, c32 = v2 + x;
        Vector256<float> near;
        for (var p = 0; p < leading; p++, a += Across, b += Across)
        {
            v0 = Vector256.Load(b);
            v1 = Vector256.Load(b + 8);
            v2 = Vector256.Load(b + 16);
            x = Vector256.Create(a[0]);
            c00 = Vector256.MultiplyAddEstimate(x, v0, c00);
            c01 = Vector256.MultiplyAddEstimate(x, v1, c01);
            c02 = Vector256.MultiplyAddEstimate(x, v2, c02);
            x = Vector256.Create(a[1]);
            c10 = Vector256.MultiplyAddEstimate(x, v0, c10);
            c11 = Vector256.MultiplyAddEstimate(x, v1, c11);
            c12 = Vector256.MultiplyAddEstimate(x, v2, c12);
            x = Vector256.Create(a[2]);
            c20 = Vector256.MultiplyAddEstimate(x, v0, c20);
            c21 = Vector256.MultiplyAddEstimate(x, v1, c21);
            c22 = Vector256.MultiplyAddEstimate(x, v2, c22);
            x = Vector256.Create(a[3]);
            c30 = Vector256.MultiplyAddEstimate(x, v0, c30);
            c31 = Vector256.MultiplyAddEstimate(x, v1, c31);
            c32 = Vector256.MultiplyAddEstimate(x, v2, c32);
        }
        v0 = Vector256.Load(other);
        v1 = Vector256.Load(other + 8);
        v2 = Vector256.Load(other + 16);
        near = Near(c00, c01, c02, reach[0], v0, v1, v2, default);
        near = Near(c10, c11, c12, reach[1], v0, v1, v2, near);
        near = Near(c20, c21, c22, reach[2], v0, v1, v2, near);
        near = Near(c30, c31, c32, reach[3], v0, v1, v2, near);
        if (near.ExtractMostSignificantBits() == 0) return false;
        if (leading < depth)
        {
            v0 = Vector256.Load(n2);
            v1 = Vector256.Load(n2 + 8);
            v2 = Vector256.Load(n2 + 16);
            x = Vector256.Create(m2[0]);
            c00 += v0 + x;
            c01 += v1 + x;
            c02 += v2 + x;
            x = Vector256.Create(m2[1]);
            c10 += v0 + x;
            c11 += v1 + x;
            c12 += v2 + x;
            x = Vector256.Create(m2[2]);
            c20 += v0 + x;
            c21 += v1 + x;
            c22 += v2 + x;
            x = Vector256.Create(m2[3]);
            c30 += v0 + x;
            c31 += v1 + x;
            c32 += v2 + x;
            for (var p = 0; p < depth - leading; p++, a += Across, b += Across)
            {
                v0 = Vector256.Load(b);
                v1 = Vector256.Load(b + 8);
                v2 = Vector256.Load(b + 16);
                x = Vector256.Create(a[0]);
                c00 = Vector256.MultiplyAddEstimate(x, v0, c00);
                c01 = Vector256.MultiplyAddEstimate(x, v1, c01);
                c02 = Vector256.MultiplyAddEstimate(x, v2, c02);
                x = Vector256.Create(a[1]);
                c10 = Vector256.MultiplyAddEstimate(x, v0, c10);
                c11 = Vector256.MultiplyAddEstimate(x, v1, c11);
                c12 = Vector256.MultiplyAddEstimate(x, v2, c12);
                x = Vector256.Create(a[2]);
                c20 = Vector256.MultiplyAddEstimate(x, v0, c20);
                c21 = Vector256.MultiplyAddEstimate(x, v1, c21);
                c22 = Vector256.MultiplyAddEstimate(x, v2, c22);
                x = Vector256.Create(a[3]);
                c30 = Vector256.MultiplyAddEstimate(x, v0, c30);
                c31 = Vector256.MultiplyAddEstimate(x, v1, c31);
                c32 = Vector256.MultiplyAddEstimate(x, v2, c32);
            }
            v0 = Vector256.Load(other);
            v1 = Vector256.Load(other + 8);
            v2 = Vector256.Load(other + 16);
            near = Near(c00, c01, c02, reach[0], v0, v1, v2, default);
            near = Near(c10, c11, c12, reach[1], v0, v1, v2, near);
            near = Near(c20, c21, c22, reach[2], v0, v1, v2, near);
            near = Near(c30, c31, c32, reach[3], v0, v1, v2, near);
            if (near.ExtractMostSignificantBits() == 0) return false;
        }
        c00.Store(closeness + 0);
        c01.Store(closeness + 8);
        c02.Store(closeness + 16);
        c10.Store(closeness + 24);
        c11.Store(closeness + 32);
        c12.Store(closeness + 40);
        c20.Store(closeness + 48);
        c21.Store(closeness + 56);
        c22.Store(closeness + 64);
        c30.Store(closeness + 72);
        c31.Store(closeness + 80);
        c32.Store(closeness + 88);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Near(Vector256<float> c0, Vector256<float> c1, Vector256<float> c2, float reach,
        Vector256<float> o0, Vector256<float> o1, Vector256<float> o2, Vector256<float> near)
    {
        var own = Vector256.Create(reach);
        near |= Vector256.GreaterThanOrEqual(c0, Vector256.MinNative(own, o0));
        near |= Vector256.GreaterThanOrEqual(c1, Vector256.MinNative(own, o1));
        return near | Vector256.GreaterThanOrEqual(c2, Vector256.MinNative(own, o2));
    }
}
