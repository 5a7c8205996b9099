using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>Brings every column to mean 0 and variance 1; a column that does not vary becomes 0.</summary>
internal sealed class Standardisation
{
    private readonly float[] mean;
    private readonly float[] scale;

    private Standardisation(float[] mean, float[] scale) => (this.mean, this.scale) = (mean, scale);

    public static Standardisation Of(Matrix data)
    {
        var mean = Enumerable.Range(0, data.Columns).Select(column => Mean(data, column)).ToArray();
        var scale = Enumerable.Range(0, data.Columns).Select(column => Scale(data, column, mean[column])).ToArray();
        return new Standardisation([.. mean.Select(value => (float)value)], scale);
    }

    public Matrix Apply(Matrix rows)
    {
        var result = new Matrix(rows.Rows, rows.Columns);
        for (var row = 0; row < rows.Rows; row++)
        {
            TensorPrimitives.Subtract<float>(rows.Row(row), mean, result.Row(row));
            TensorPrimitives.Multiply<float>(result.Row(row), scale, result.Row(row));
        }
        return result;
    }

    private static double Mean(Matrix data, int column)
    {
        var sum = 0.0;
        for (var row = 0; row < data.Rows; row++) sum += data[row, column];
        return sum / data.Rows;
    }

    // Rounding alone must not be blown up to variance 1.
    private static float Scale(Matrix data, int column, double mean)
    {
        var sum = 0.0;
        for (var row = 0; row < data.Rows; row++) sum += (data[row, column] - mean) * (data[row, column] - mean);
        var deviation = Math.Sqrt(sum / data.Rows);
        return deviation > 1e-6 * Math.Abs(mean) && deviation > float.Epsilon ? (float)(1 / deviation) : 0;
    }
}
