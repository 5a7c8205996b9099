using MathNet.Numerics.LinearAlgebra;
using ModelInspector.Embeddings;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Embeddings;

public class PcaTests
{
    [Theory]
    [InlineData(300, 20, 0f)]
    [InlineData(40, 130, 0f)]
    [InlineData(500, 12, 1000f)]
    [InlineData(3, 2, 0f)]
    public void Components_variances_and_scores_are_those_of_the_singular_value_decomposition(int rows, int columns, float offset)
    {
        var data = Clouds.Stretched(rows, columns, offset: offset);
        var kept = Math.Min(6, Math.Min(rows - 1, columns));
        var model = new Pca(kept).Model(data, Job.Quiet());
        var (directions, singular, centred) = Svd(data);
        for (var k = 0; k < kept; k++)
        {
            var variance = singular[k] * singular[k] / (rows - 1);
            Assert.Equal(variance, model.Variances[k], 2e-5 * singular[0] * singular[0] / (rows - 1));
            var direction = directions.Row(k);
            var sign = direction[direction.AbsoluteMaximumIndex()] < 0 ? -1 : 1;
            for (var j = 0; j < columns; j++) Assert.Equal(sign * direction[j], model.Components[k, j], 2e-3);
            var scores = centred * direction * sign;
            var points = model.Transform(data);
            for (var i = 0; i < rows; i++) Assert.Equal(scores[i], points[i, k], 2e-3 * singular[0]);
        }
        Assert.Equal(singular.Sum(s => s * s) / (rows - 1), model.TotalVariance, 1e-4 * model.TotalVariance);
    }

    [Fact]
    public void The_entry_of_largest_magnitude_of_every_component_is_positive()
    {
        var components = new Pca(8).Model(Clouds.Stretched(200, 10), Job.Quiet()).Components;
        for (var k = 0; k < 8; k++) Assert.True(components.Row(k).ToArray().MaxBy(Math.Abs) > 0);
    }

    [Fact]
    public void Sums_of_shards_merge_into_the_sums_of_all_rows()
    {
        var data = Clouds.Stretched(1000, 9, offset: 50);
        var whole = new PcaSums(9);
        whole.Add(data);
        var merged = new PcaSums(9);
        foreach (var (from, to) in new[] { (0, 10), (10, 700), (700, 701), (701, 1000) })
        {
            var shard = new PcaSums(9);
            shard.Add(new Matrix(to - from, 9, data.Values[(from * 9)..(to * 9)]));
            merged.Merge(shard);
        }
        var (one, many) = (new Pca(4).Model(whole), new Pca(4).Model(merged));
        Assert.Equal(1000, merged.Rows);
        for (var k = 0; k < 4; k++) Assert.Equal(one.Variances[k], many.Variances[k], 1e-6 * one.Variances[0]);
        for (var i = 0; i < one.Components.Values.Length; i++) Assert.Equal(one.Components.Values[i], many.Components.Values[i], 1e-4);
    }

    [Fact]
    public void All_components_give_the_rows_back_and_fewer_give_the_nearest_points()
    {
        var data = Clouds.Stretched(60, 8, offset: 3);
        foreach (var whiten in new[] { false, true })
        {
            var model = new Pca(8, whiten).Model(data, Job.Quiet());
            var back = model.Inverse(model.Transform(data));
            for (var i = 0; i < data.Values.Length; i++) Assert.Equal(data.Values[i], back.Values[i], 1e-3);
        }
        var few = new Pca(3).Model(data, Job.Quiet());
        var lost = few.Inverse(few.Transform(data)).Values.Zip(data.Values, (a, b) => (double)(a - b) * (a - b)).Sum() / 59;
        Assert.Equal(few.TotalVariance - few.Variances.Sum(), lost, 1e-3 * few.TotalVariance);
    }

    [Fact]
    public void Whitened_scores_have_variance_one()
    {
        var points = new Pca(5, Whiten: true).Embed(Clouds.Stretched(400, 8), Job.Quiet()).Points;
        for (var k = 0; k < 5; k++)
            Assert.Equal(1, Enumerable.Range(0, 400).Sum(i => (double)points[i, k] * points[i, k]) / 399, 1e-3);
    }

    [Fact]
    public void The_randomised_solver_finds_the_exact_variances_within_its_error_estimate()
    {
        var data = Clouds.Stretched(700, 300);
        var exact = new Pca(10, Solver: PcaSolver.Exact).Model(data, Job.Quiet());
        var random = new Pca(10, Solver: PcaSolver.Randomised).Model(data, Job.Quiet(5));
        Assert.InRange(random.ErrorEstimate, 0, 0.01);
        for (var k = 0; k < 10; k++)
            Assert.InRange(Math.Abs(random.ExplainedVariance[k] - exact.ExplainedVariance[k]), 0, random.ErrorEstimate + 1e-6);
    }

    [Fact]
    public void Same_seed_gives_the_same_bits_at_any_thread_count()
    {
        var data = Clouds.Stretched(900, 120);
        foreach (var solver in new[] { PcaSolver.Exact, PcaSolver.Randomised })
            Assert.Equal(Threads.With(1, () => Points(data, solver)), Threads.With(5, () => Points(data, solver)));
        static float[] Points(Matrix data, PcaSolver solver) => new Pca(3, Solver: solver).Embed(data, Job.Quiet(3)).Points.Values;
    }

    [Fact]
    public void Two_rows_lie_on_a_line()
    {
        var points = new Pca().Embed(new Matrix(2, 3, [0, 0, 0, 3, 0, 4]), Job.Quiet()).Points;
        Assert.Equal(5, Math.Abs(points[1, 0] - points[0, 0]), 1e-5);
        Assert.Equal(0, points[1, 1], 1e-5);
        Assert.Equal(0, points[0, 1], 1e-5);
    }

    [Fact]
    public void Data_that_do_not_vary_explain_nothing()
    {
        var result = new Pca().Embed(new Matrix(20, 4, Enumerable.Repeat(7f, 80).ToArray()), Job.Quiet());
        Assert.All(result.Points.Values, value => Assert.Equal(0, value));
        Assert.Equal(0, result.Figures["explained variance"]);
    }

    [Fact]
    public void Bad_input_is_refused_with_what_was_found()
    {
        Assert.Contains("at least 2 rows; the data have 1", Assert.Throws<InputException>(() => new Pca().Embed(new Matrix(1, 3), Job.Quiet())).Message);
        Assert.Contains("Set dimensions=1", Assert.Throws<InputException>(() => new Pca().Embed(new Matrix(5, 1), Job.Quiet())).Message);
        var hole = Clouds.Noise(5, 3);
        hole[2, 1] = float.NaN;
        Assert.Contains("row 2, column 1", Assert.Throws<InputException>(() => new Pca().Embed(hole, Job.Quiet())).Message);
        var model = new Pca().Model(Clouds.Noise(5, 3), Job.Quiet());
        Assert.Contains("3 columns; the new rows have 4", Assert.Throws<InputException>(() => model.Transform(Clouds.Noise(5, 4))).Message);
    }

    private static (Matrix<double> Directions, double[] Singular, Matrix<double> Centred) Svd(Matrix data)
    {
        var x = Matrix<double>.Build.Dense(data.Rows, data.Columns, (i, j) => data[i, j]);
        var mean = x.ColumnSums() / data.Rows;
        var centred = Matrix<double>.Build.Dense(data.Rows, data.Columns, (i, j) => x[i, j] - mean[j]);
        var svd = centred.Svd();
        return (svd.VT, [.. svd.S], centred);
    }
}
