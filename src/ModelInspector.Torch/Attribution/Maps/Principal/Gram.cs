using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelInspector.Attribution.Maps.Principal;

/// <summary>
/// X Xᵀ or Xᵀ X, whichever is smaller, in double: the vectors that are multiplied with one another are packed in panels of eight, some of their entries at a time, so that a panel
/// stays in the first-level cache; a 4 × 8 tile of the result stays in registers, and of the result only the upper half is computed.
/// </summary>
internal sealed unsafe class Gram : IDisposable
{
    private const int Panel = 8, TileRows = 4, Depth = 128;

    private readonly double[] values;
    private readonly int stride;

    /// <param name="matrix">rows × columns, row-major.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    public Gram(double[] matrix, int rows, int columns)
    {
        (Order, var length) = (Math.Min(rows, columns), Math.Max(rows, columns));
        stride = (Order + Panel - 1) / Panel * Panel;
        values = Zeros(stride * stride);
        var packed = Zeros(stride * Depth);
        for (var from = 0; from < length; from += Depth)
        {
            var deep = Math.Min(Depth, length - from);
            if (rows <= columns) PackRows(matrix, columns, rows, from, deep, packed);
            else PackColumns(matrix, columns, from, deep, packed);
            AddTiles(packed, stride, deep, values);
        }
        ArrayPool<double>.Shared.Return(packed);
        Mirror(values, stride);
    }

    /// <summary>Rows and columns: the smaller number of the matrix' own.</summary>
    public int Order { get; }

    /// <summary>‖G‖².</summary>
    public double SumOfSquares => Doubles.Dot(values.AsSpan(0, stride * stride), values);

    /// <summary>A row.</summary>
    public ReadOnlySpan<double> this[int row] => values.AsSpan(row * stride, Order);

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => ArrayPool<double>.Shared.Return(values);

    private static double[] Zeros(int count)
    {
        var zeros = ArrayPool<double>.Shared.Rent(count);
        zeros.AsSpan(0, count).Clear();
        return zeros;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackRows(double[] matrix, int columns, int rows, int from, int deep, double[] packed)
    {
        for (var row = 0; row < rows; row++)
        {
            var source = matrix.AsSpan(row * columns + from, deep);
            var at = row / Panel * Panel * Depth + row % Panel;
            for (var p = 0; p < source.Length; p++, at += Panel) packed[at] = source[p];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackColumns(double[] matrix, int columns, int from, int deep, double[] packed)
    {
        for (var p = 0; p < deep; p++)
            for (var column = 0; column < columns; column += Panel)
                matrix.AsSpan((from + p) * columns + column, Math.Min(Panel, columns - column)).CopyTo(packed.AsSpan(column * Depth + p * Panel));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTiles(double[] packed, int stride, int deep, double[] sums)
    {
        fixed (double* from = packed, to = sums)
            for (var i = 0; i < stride; i += TileRows)
                for (var j = i / Panel * Panel; j < stride; j += Panel)
                    AddTile(deep, from + i / Panel * Panel * Depth + i % Panel, from + j * Depth, to + (long)i * stride + j, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTile(int deep, double* a, double* b, double* c, int stride)
    {
        Vector256<double> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        for (var p = 0; p < deep; p++, a += Panel, b += Panel)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + 4);
            var x = Vector256.Create(a[0]);
            c00 = Vector256.MultiplyAddEstimate(x, b0, c00);
            c01 = Vector256.MultiplyAddEstimate(x, b1, c01);
            x = Vector256.Create(a[1]);
            c10 = Vector256.MultiplyAddEstimate(x, b0, c10);
            c11 = Vector256.MultiplyAddEstimate(x, b1, c11);
            x = Vector256.Create(a[2]);
            c20 = Vector256.MultiplyAddEstimate(x, b0, c20);
            c21 = Vector256.MultiplyAddEstimate(x, b1, c21);
            x = Vector256.Create(a[3]);
            c30 = Vector256.MultiplyAddEstimate(x, b0, c30);
            c31 = Vector256.MultiplyAddEstimate(x, b1, c31);
        }
        AddTo(c, c00, c01);
        AddTo(c += stride, c10, c11);
        AddTo(c += stride, c20, c21);
        AddTo(c += stride, c30, c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(double* c, Vector256<double> left, Vector256<double> right)
    {
        (Vector256.Load(c) + left).Store(c);
        (Vector256.Load(c + 4) + right).Store(c + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mirror(double[] sums, int stride)
    {
        for (var i = 0; i < stride; i++)
            for (var j = i + 1; j < stride; j++)
                sums[j * stride + i] = sums[i * stride + j];
    }
}
