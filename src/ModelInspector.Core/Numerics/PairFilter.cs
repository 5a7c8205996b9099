using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelInspector.Numerics;

/// <summary>
/// Scans all pairs of two tiles of rows and offers the near ones to their candidates. A 6 × 16 block of closeness
/// x·y − |x|²/2 − |y|²/2 = −|x − y|²/2 is summed in registers and compared there with both rows' reach; only blocks with a hit are ever stored.
/// </summary>
internal static unsafe class PairFilter
{
    private const int Up = Gemm.TileRows, Across = Gemm.TileColumns;

    /// <summary>Offers right rows to left rows and, unless <paramref name="back"/> is null, left rows to right rows.</summary>
    public static void Scan(PackedRows left, int leftTile, PackedRows right, int rightTile, Candidates forth, Candidates? back)
    {
        var (rows, columns) = (leftTile * left.TileRows, rightTile * right.TileRows);
        var closeness = stackalloc float[Up * Across];
        var nowhere = stackalloc float[Across];
        new Span<float>(nowhere, Across).Fill(float.PositiveInfinity);
        var skipSelf = ReferenceEquals(left, right) && leftTile == rightTile;
        fixed (float* a = left.Left, b = right.Right, m = left.MinusHalf, n = right.MinusHalf, reach = forth.Reach, other = back?.Reach)
            for (var column = columns; column < Math.Min(right.Rows, columns + right.TileRows); column += Across)
                for (var row = rows; row < Math.Min(left.Rows, rows + left.TileRows); row += Up)
                    if (Block(left.Depth, a + (long)row * left.Depth, b + (long)column * left.Depth, m + row, n + column,
                        reach + row, other == null ? nowhere : other + column, closeness))
                        Offer(closeness, row, column, left.Rows, right.Rows, forth, back, skipSelf);
    }

    private static void Offer(float* closeness, int row, int column, int rows, int columns, Candidates forth, Candidates? back, bool skipSelf)
    {
        for (var i = row; i < Math.Min(rows, row + Up); i++)
            for (var j = column; j < Math.Min(columns, column + Across); j++)
            {
                var near = closeness[(i - row) * Across + j - column];
                if (skipSelf && i == j) continue;
                if (near >= forth.Reach[i]) forth.Offer(i, near, j);
                if (back is not null && near >= back.Reach[j]) back.Offer(j, near, i);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Block(int depth, float* a, float* b, float* m, float* n, float* reach, float* other, float* closeness)
    {
        Vector256<float> n0 = Vector256.Load(n), n1 = Vector256.Load(n + 8);
        Vector256<float> c00 = n0 + Vector256.Create(m[0]), c01 = n1 + Vector256.Create(m[0]);
        Vector256<float> c10 = n0 + Vector256.Create(m[1]), c11 = n1 + Vector256.Create(m[1]);
        Vector256<float> c20 = n0 + Vector256.Create(m[2]), c21 = n1 + Vector256.Create(m[2]);
        Vector256<float> c30 = n0 + Vector256.Create(m[3]), c31 = n1 + Vector256.Create(m[3]);
        Vector256<float> c40 = n0 + Vector256.Create(m[4]), c41 = n1 + Vector256.Create(m[4]);
        Vector256<float> c50 = n0 + Vector256.Create(m[5]), c51 = n1 + Vector256.Create(m[5]);
        for (var p = 0; p < depth; p++, a += Up, b += Across)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + 8);
            var a0 = Vector256.Create(a[0]);
            c00 = Vector256.MultiplyAddEstimate(a0, b0, c00);
            c01 = Vector256.MultiplyAddEstimate(a0, b1, c01);
            var a1 = Vector256.Create(a[1]);
            c10 = Vector256.MultiplyAddEstimate(a1, b0, c10);
            c11 = Vector256.MultiplyAddEstimate(a1, b1, c11);
            var a2 = Vector256.Create(a[2]);
            c20 = Vector256.MultiplyAddEstimate(a2, b0, c20);
            c21 = Vector256.MultiplyAddEstimate(a2, b1, c21);
            var a3 = Vector256.Create(a[3]);
            c30 = Vector256.MultiplyAddEstimate(a3, b0, c30);
            c31 = Vector256.MultiplyAddEstimate(a3, b1, c31);
            var a4 = Vector256.Create(a[4]);
            c40 = Vector256.MultiplyAddEstimate(a4, b0, c40);
            c41 = Vector256.MultiplyAddEstimate(a4, b1, c41);
            var a5 = Vector256.Create(a[5]);
            c50 = Vector256.MultiplyAddEstimate(a5, b0, c50);
            c51 = Vector256.MultiplyAddEstimate(a5, b1, c51);
        }
        Vector256<float> o0 = Vector256.Load(other), o1 = Vector256.Load(other + 8);
        var near = Near(c00, c01, Vector256.Create(reach[0]), o0, o1)
            | Near(c10, c11, Vector256.Create(reach[1]), o0, o1)
            | Near(c20, c21, Vector256.Create(reach[2]), o0, o1)
            | Near(c30, c31, Vector256.Create(reach[3]), o0, o1)
            | Near(c40, c41, Vector256.Create(reach[4]), o0, o1)
            | Near(c50, c51, Vector256.Create(reach[5]), o0, o1);
        if (near.ExtractMostSignificantBits() == 0) return false;
        c00.Store(closeness + 0);
        c01.Store(closeness + 8);
        c10.Store(closeness + 16);
        c11.Store(closeness + 24);
        c20.Store(closeness + 32);
        c21.Store(closeness + 40);
        c30.Store(closeness + 48);
        c31.Store(closeness + 56);
        c40.Store(closeness + 64);
        c41.Store(closeness + 72);
        c50.Store(closeness + 80);
        c51.Store(closeness + 88);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Near(Vector256<float> c0, Vector256<float> c1, Vector256<float> reach, Vector256<float> o0, Vector256<float> o1) =>
        Vector256.GreaterThanOrEqual(c0, Vector256.MinNative(reach, o0)) | Vector256.GreaterThanOrEqual(c1, Vector256.MinNative(reach, o1));
}
