using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Neighbors;

/// <summary>
/// Rows turned so that plain Euclidean distance finds the metric's neighbours: for the cosine scaled to length one; otherwise moved
/// to the mean of the searched rows and scaled by one power of two, so that products neither cancel nor overflow.
/// </summary>
internal sealed class MetricRows
{
    private readonly Metric metric;
    private readonly float[] mean;
    private readonly float scale;

    public MetricRows(Matrix data, Metric metric)
    {
        this.metric = metric;
        (mean, scale) = metric == Metric.Euclidean ? Frame(data) : ([], 1);
        Rows = Turn(data);
    }

    /// <summary>The searched rows, turned.</summary>
    public Matrix Rows { get; }

    /// <summary>Other rows, turned alike.</summary>
    public Matrix Turn(Matrix data)
    {
        var turned = new Matrix(data.Rows, data.Columns);
        RowParallel.Run(data.Rows, 256, (_, from, to) =>
        {
            for (var row = from; row < to; row++) Turn(data.Row(row), turned.Row(row));
        });
        return turned;
    }

    /// <summary>The metric's distance of two turned rows.</summary>
    public float Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var distance = TensorPrimitives.Distance(a, b);
        return metric == Metric.Cosine ? distance * distance / 2 : distance / scale;
    }

    private void Turn(ReadOnlySpan<float> from, Span<float> to)
    {
        if (metric == Metric.Cosine)
        {
            var largest = Math.Abs(TensorPrimitives.MaxMagnitude(from));
            if (largest == 0) return;
            TensorPrimitives.Divide(from, largest, to);
            TensorPrimitives.Divide(to, TensorPrimitives.Norm<float>(to), to);
            return;
        }
        TensorPrimitives.Multiply(from, scale, to);
        TensorPrimitives.Subtract(to, mean, to);
    }

    private static (float[] Mean, float Scale) Frame(Matrix data)
    {
        var largest = data.Values.Length == 0 ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(data.Values.AsSpan()));
        var scale = largest > 0 ? (float)Math.ScaleB(1, Math.Clamp(-Math.ILogB(largest), -120, 120)) : 1;
        var sums = new double[data.Columns];
        for (var row = 0; row < data.Rows; row++)
        {
            var values = data.Row(row);
            for (var column = 0; column < values.Length; column++) sums[column] += values[column];
        }
        return ([.. sums.Select(sum => (float)(sum / data.Rows * scale))], scale);
    }
}
