using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>
/// What PCA needs to know of the rows seen so far: their number, sum and second moments about a fixed shift, in double. Rows arrive in
/// blocks of any size in one pass; sums of separate shards merge into the sums of all rows (equal up to the rounding of double).
/// Memory: columns² doubles, whatever the number of rows.
/// </summary>
public sealed class PcaSums
{
    private const int Block = 4096, Part = 512, Few = 32;
    private readonly double[] sum;
    private readonly double[] moments;
    private float[]? shift;

    /// <summary>Sums over no rows.</summary>
    public PcaSums(int columns) =>
        (Columns, sum, moments) = (columns, new double[columns], new double[checked(columns * columns)]);

    /// <summary>Columns of every block.</summary>
    public int Columns { get; }

    /// <summary>Rows seen.</summary>
    public long Rows { get; private set; }

    /// <summary>Mean of the rows seen.</summary>
    public double[] Mean => [.. sum.Select((s, column) => (shift?[column] ?? 0) + s / Rows)];

    /// <summary>Adds rows.</summary>
    /// <exception cref="InputException">The columns differ or a value is not finite.</exception>
    public void Add(Matrix rows, CancellationToken cancel = default)
    {
        EmbeddingInput.CheckNew(rows, Columns, "pca", Rows);
        AddChecked(rows, cancel);
    }

    /// <summary>Adds rows that are known to be finite and as wide as the others.</summary>
    internal void AddChecked(Matrix rows, CancellationToken cancel)
    {
        if (rows.Rows == 0) return;
        shift ??= ColumnMeans(rows, Math.Min(rows.Rows, Block));
        for (var from = 0; from < rows.Rows; from += Block)
        {
            cancel.ThrowIfCancellationRequested();
            AddBlock(rows, from, Math.Min(rows.Rows, from + Block));
        }
        Rows += rows.Rows;
    }

    /// <summary>Adds the rows that <paramref name="other"/> has seen.</summary>
    public void Merge(PcaSums other)
    {
        if (other.Columns != Columns)
            throw new InputException($"Shards of {Columns} and {other.Columns} columns cannot be merged; every shard must hold the same columns.");
        if (other.Rows == 0) return;
        shift ??= other.shift!;
        // About this shift, a row of the other shard is its own deviation plus the distance of the two shifts.
        double[] apart = [.. other.shift!.Zip(shift, (theirs, mine) => (double)theirs - mine)];
        for (var i = 0; i < Columns; i++)
        {
            for (var j = 0; j < Columns; j++)
                moments[i * Columns + j] += other.moments[i * Columns + j] + other.sum[i] * apart[j] + apart[i] * other.sum[j] + other.Rows * apart[i] * apart[j];
            sum[i] += other.sum[i] + other.Rows * apart[i];
        }
        Rows += other.Rows;
    }

    /// <summary>Covariance of the rows seen (divided by rows − 1), columns × columns.</summary>
    internal double[] Covariance()
    {
        var covariance = new double[moments.Length];
        for (var i = 0; i < Columns; i++)
            for (var j = 0; j < Columns; j++)
                covariance[i * Columns + j] = (moments[i * Columns + j] - sum[i] * sum[j] / Rows) / Math.Max(1, Rows - 1);
        return covariance;
    }

    internal static float[] ColumnMeans(Matrix rows, int count)
    {
        var means = new double[rows.Columns];
        for (var row = 0; row < count; row++)
        {
            var values = rows.Row(row);
            for (var column = 0; column < values.Length; column++) means[column] += values[column];
        }
        return [.. means.Select(total => (float)(total / count))];
    }

    private void AddBlock(Matrix rows, int from, int to)
    {
        var centred = new Matrix(to - from, Columns);
        var parts = new double[RowParallel.Chunks(centred.Rows, Part)][];
        RowParallel.Run(centred.Rows, Part, (part, first, last) => parts[part] = Centre(rows, from, centred, first, last));
        foreach (var part in parts) TensorPrimitives.Add<double>(sum, part, sum);
        var product = new float[moments.Length];
        var block = new Operand(centred);
        Gemm.Add(block.Transposed, block, product, upper: true);
        RowParallel.Run(Columns, 64, (_, first, last) => Mirror(product, first, last));
    }

    // Sums of single precision over a few rows only, of doubles over all.
    private double[] Centre(Matrix rows, int from, Matrix centred, int first, int last)
    {
        var (total, few, wide) = (new double[Columns], new float[Columns], new double[Columns]);
        for (var row = first; row < last; row++)
        {
            TensorPrimitives.Subtract<float>(rows.Row(from + row), shift!, centred.Row(row));
            TensorPrimitives.Add<float>(few, centred.Row(row), few);
            if ((row - first) % Few != Few - 1 && row != last - 1) continue;
            TensorPrimitives.ConvertTruncating<float, double>(few, wide);
            TensorPrimitives.Add<double>(total, wide, total);
            Array.Clear(few);
        }
        return total;
    }

    private void Mirror(float[] product, int first, int last)
    {
        for (var i = first; i < last; i++)
            for (var j = 0; j < Columns; j++)
                moments[i * Columns + j] += product[Math.Min(i, j) * Columns + Math.Max(i, j)];
    }
}
