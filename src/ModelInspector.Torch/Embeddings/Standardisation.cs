using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>Brings groups of neighbouring columns (each column by itself, or an image's channels) to mean 0 and variance 1; a group that does not vary becomes 0.</summary>
internal sealed class Standardisation
{
    private readonly float[] mean, scale; // one a column

    private Standardisation(float[] mean, float[] scale) => (this.mean, this.scale) = (mean, scale);

    /// <param name="data">Rows to learn from.</param>
    /// <param name="group">Columns that share one mean and scale.</param>
    public static Standardisation Of(Matrix data, int group = 1)
    {
        var means = Shares(data, group, (value, _) => value, []);
        var variances = Shares(data, group, (value, mean) => (value - mean) * (value - mean), means);
        // Rounding alone must not be blown up to variance 1.
        var scales = variances.Zip(means, (variance, mean) => Math.Sqrt(variance) > Math.Max(1e-6 * Math.Abs(mean), 1e-30) ? 1 / Math.Sqrt(variance) : 0).ToArray();
        return new(Spread(means, group), Spread(scales, group));
    }

    /// <summary>The one in a saved state.</summary>
    public static Standardisation From(FittedState state, int columns) => new(
        [.. state.Need("mean", 1, columns).Row(0)], [.. state.Need("scale", 1, columns).Row(0)]);

    public FittedState Into(FittedState state) => state.With("mean", new Matrix(1, mean.Length, mean)).With("scale", new Matrix(1, scale.Length, scale));

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

    /// <summary>Back into the data's unit; columns that do not vary become their mean.</summary>
    public Matrix Undo(Matrix rows)
    {
        var result = new Matrix(rows.Rows, rows.Columns);
        float[] inverse = [.. scale.Select(value => value > 0 ? 1 / value : 0)];
        for (var row = 0; row < rows.Rows; row++) TensorPrimitives.MultiplyAdd<float>(rows.Row(row), inverse, mean, result.Row(row));
        return result;
    }

    // Means over the rows and the columns of each group, row by row.
    private static double[] Shares(Matrix data, int group, Func<double, double, double> of, double[] means)
    {
        var sums = new double[data.Columns / group];
        for (var row = 0; row < data.Rows; row++)
        {
            var values = data.Row(row);
            for (var column = 0; column < values.Length; column++) sums[column / group] += of(values[column], means.Length > 0 ? means[column / group] : 0);
        }
        return [.. sums.Select(sum => sum / ((double)data.Rows * group))];
    }

    private static float[] Spread(double[] values, int group) => [.. values.SelectMany(value => Enumerable.Repeat((float)value, group))];
}
