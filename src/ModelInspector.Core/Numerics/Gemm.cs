using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelInspector.Numerics;

/// <summary>
/// Dense float32 matrix product: panels are packed once, a 6 × 16 tile of the result stays in registers. Every tile is summed in the same
/// order whatever the number of threads. The layout is that of Goto and van de Geijn, Anatomy of high-performance matrix
/// multiplication, ACM TOMS 2008.
/// </summary>
public static unsafe class Gemm
{
    internal const int TileRows = 6, TileColumns = 16;
    private const int Depth = 256, RowBlock = 96, ColumnBlock = 2048;

    /// <summary>a · b as a new matrix.</summary>
    public static Matrix Multiply(Operand a, Operand b)
    {
        var product = new Matrix(a.Rows, b.Columns);
        Add(a, b, product.Values);
        return product;
    }

    /// <summary>Adds a · b to <paramref name="c"/>.</summary>
    /// <param name="a">rows × depth.</param>
    /// <param name="b">depth × columns.</param>
    /// <param name="c">rows × columns, row-major, at least that long.</param>
    /// <param name="upper">Leave tiles that lie wholly below the diagonal as they are: for symmetric products.</param>
    public static void Add(Operand a, Operand b, float[] c, bool upper = false)
    {
        if (a.Columns != b.Rows) throw new ArgumentException($"({a.Rows} × {a.Columns}) · ({b.Rows} × {b.Columns}) does not fit.");
        if (c.Length < (long)a.Rows * b.Columns) throw new ArgumentException($"{c.Length} values cannot hold {a.Rows} × {b.Columns}.");
        var panels = new float[Depth * (Math.Min(ColumnBlock, b.Columns) + TileColumns)];
        for (var column = 0; column < b.Columns; column += ColumnBlock)
            for (var depth = 0; depth < a.Columns; depth += Depth)
                AddBlock(a, b, c, panels, column, Math.Min(ColumnBlock, b.Columns - column), depth, Math.Min(Depth, a.Columns - depth), upper);
    }

    private static void AddBlock(Operand a, Operand b, float[] c, float[] panels, int column, int columns, int depth, int deep, bool upper)
    {
        RowParallel.Run(columns, TileColumns * 8, (_, from, to) => Pack(b.Transposed, column + from, to - from, depth, deep, panels.AsSpan(from * deep), TileColumns));
        // Few rows: the columns are shared out as well.
        var blocks = RowParallel.Chunks(a.Rows, RowBlock);
        var width = blocks >= 8 ? ColumnBlock : TileColumns * 16;
        RowParallel.Run(blocks * RowParallel.Chunks(columns, width), 1, () => new float[RowBlock * deep], (packed, task, _, _) =>
        {
            var (from, first) = (task % blocks * RowBlock, task / blocks * width);
            var (rows, last) = (Math.Min(RowBlock, a.Rows - from), Math.Min(columns, first + width));
            Pack(a, from, rows, depth, deep, packed, TileRows);
            fixed (float* left = packed, right = panels, result = c)
                for (var j = first; j < last; j += TileColumns)
                    for (var i = 0; i < rows; i += TileRows)
                        if (!upper || column + j + TileColumns > from + i)
                            AddTile(deep, left + i * deep, right + j * deep, result + (long)(from + i) * b.Columns + column + j, b.Columns,
                                Math.Min(TileRows, rows - i), Math.Min(TileColumns, columns - j));
        });
    }

    /// <summary>
    /// Packs rows of a window into panels of <paramref name="tile"/> rows, depth by depth, so that a tile reads them in sequence;
    /// rows that fill up the last panel are zero.
    /// </summary>
    internal static void Pack(Operand source, int row, int rows, int depth, int deep, Span<float> packed, int tile)
    {
        for (var i = 0; i < rows; i += tile)
        {
            var panel = packed.Slice(i * deep, tile * deep);
            if (rows - i < tile) panel.Clear();
            if (source.RowStride == 1)
            {
                // Neighbours in the panel are neighbours in memory.
                var beside = Math.Min(tile, rows - i);
                for (var p = 0; p < deep; p++)
                    source.Values.AsSpan(source.Offset + row + i + (depth + p) * source.ColumnStride, beside).CopyTo(panel.Slice(p * tile, beside));
                continue;
            }
            for (var r = 0; r < Math.Min(tile, rows - i); r++)
            {
                var from = source.Offset + (row + i + r) * source.RowStride + depth * source.ColumnStride;
                for (var p = 0; p < deep; p++) panel[p * tile + r] = source.Values[from + p * source.ColumnStride];
            }
        }
    }

    private static void AddTile(int deep, float* a, float* b, float* c, int stride, int rows, int columns)
    {
        if (rows == TileRows && columns == TileColumns)
        {
            Tile(deep, a, b, c, stride);
            return;
        }
        var whole = stackalloc float[TileRows * TileColumns];
        new Span<float>(whole, TileRows * TileColumns).Clear();
        Tile(deep, a, b, whole, TileColumns);
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
                c[i * (long)stride + j] += whole[i * TileColumns + j];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(int deep, float* a, float* b, float* c, int stride)
    {
        Vector256<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        Vector256<float> c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        for (var p = 0; p < deep; p++, a += TileRows, b += TileColumns)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + 8);
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
            x = Vector256.Create(a[4]);
            c40 = Vector256.MultiplyAddEstimate(x, b0, c40);
            c41 = Vector256.MultiplyAddEstimate(x, b1, c41);
            x = Vector256.Create(a[5]);
            c50 = Vector256.MultiplyAddEstimate(x, b0, c50);
            c51 = Vector256.MultiplyAddEstimate(x, b1, c51);
        }
        AddTo(c, c00, c01);
        AddTo(c += stride, c10, c11);
        AddTo(c += stride, c20, c21);
        AddTo(c += stride, c30, c31);
        AddTo(c += stride, c40, c41);
        AddTo(c += stride, c50, c51);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(float* c, Vector256<float> left, Vector256<float> right)
    {
        (Vector256.Load(c) + left).Store(c);
        (Vector256.Load(c + 8) + right).Store(c + 8);
    }
}
