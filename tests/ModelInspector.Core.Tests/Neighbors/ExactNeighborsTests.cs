using ModelInspector.Core.Tests.Embeddings;
using ModelInspector.Neighbors;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Neighbors;

public class ExactNeighborsTests
{
    [Theory]
    [InlineData(500, 50, 15, Metric.Euclidean)]
    [InlineData(2000, 7, 90, Metric.Euclidean)]
    [InlineData(49, 3, 48, Metric.Euclidean)]
    [InlineData(300, 900, 10, Metric.Euclidean)]
    [InlineData(700, 20, 15, Metric.Cosine)]
    public void Every_row_gets_the_neighbours_that_brute_force_in_double_finds(int rows, int columns, int count, Metric metric)
    {
        var data = Clouds.Noise(rows, columns);
        var table = new ExactNeighbors(metric).Index(data, Job.Quiet()).All(count, Job.Quiet());
        Assert.Equal(count, table.Count);
        for (var row = 0; row < rows; row++) AssertNearest(data, data.Row(row).ToArray(), row, table, row, metric);
    }

    [Fact]
    public void New_rows_get_their_nearest_fitted_rows()
    {
        var (data, asked) = (Clouds.Noise(400, 12), Clouds.Noise(77, 12, seed: 9));
        var table = new ExactNeighbors().Index(data, Job.Quiet()).Query(asked, 20, Job.Quiet());
        for (var row = 0; row < 77; row++) AssertNearest(data, asked.Row(row).ToArray(), -1, table, row, Metric.Euclidean);
    }

    [Fact]
    public void Duplicates_are_each_others_neighbours_at_distance_zero_in_the_order_of_their_indices()
    {
        var data = new Matrix(600, 4, Enumerable.Repeat(2.5f, 2400).ToArray());
        var table = new ExactNeighbors().Index(data, Job.Quiet()).All(3, Job.Quiet());
        Assert.Equal([1, 2, 3], table.Of(0).ToArray());
        Assert.Equal([0, 1, 2], table.Of(599).ToArray());
        Assert.All(table.Distances, distance => Assert.Equal(0, distance));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Asking_for_more_neighbours_than_there_are_gives_all_others(int rows)
    {
        var table = new ExactNeighbors().Index(Clouds.Noise(rows, 3), Job.Quiet()).All(10, Job.Quiet());
        Assert.Equal(rows - 1, table.Count);
        for (var row = 0; row < rows; row++)
            Assert.Equal(Enumerable.Range(0, rows).Where(other => other != row), table.Of(row).ToArray().Order());
    }

    [Theory]
    [InlineData(1e30f)]
    [InlineData(1e-30f)]
    public void Very_large_and_very_small_values_keep_their_order(float scale)
    {
        var data = new Matrix(4, 2, [0, 0, 1 * scale, 0, 3 * scale, 0, 7 * scale, 0]);
        var table = new ExactNeighbors().Index(data, Job.Quiet()).All(3, Job.Quiet());
        Assert.Equal([1, 2, 3], table.Of(0).ToArray());
        Assert.Equal([2, 1, 0], table.Of(3).ToArray());
        Assert.Equal(1, table.DistancesOf(0)[0] / scale, 1e-5);
    }

    [Fact]
    public void Near_duplicates_far_from_the_origin_keep_their_order()
    {
        var data = Clouds.Noise(300, 10);
        for (var i = 0; i < data.Values.Length; i++) data.Values[i] = 5000 + data.Values[i] * 0.1f;
        var table = new ExactNeighbors().Index(data, Job.Quiet()).All(10, Job.Quiet());
        for (var row = 0; row < 300; row++) AssertNearest(data, data.Row(row).ToArray(), row, table, row, Metric.Euclidean);
    }

    [Fact]
    public void The_table_has_the_same_bits_at_any_thread_count()
    {
        var data = Clouds.Noise(3000, 30);
        NeighborTable Find() => new ExactNeighbors().Index(data, Job.Quiet()).All(15, Job.Quiet());
        var (one, many) = (Threads.With(1, Find), Threads.With(7, Find));
        Assert.Equal(one.Indices, many.Indices);
        Assert.Equal(one.Distances, many.Distances);
    }

    [Fact]
    public void Cancelling_stops_the_search()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        var job = Job.Quiet() with { Cancel = cancel.Token };
        Assert.ThrowsAny<OperationCanceledException>(() => new ExactNeighbors().Index(Clouds.Noise(100, 3), job).All(5, job));
    }

    private static void AssertNearest(Matrix data, float[] asked, int self, NeighborTable table, int row, Metric metric)
    {
        var truth = Enumerable.Range(0, data.Rows).Where(other => other != self)
            .Select(other => (other, distance: Distance(asked, data.Row(other).ToArray(), metric)))
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.other).Take(table.Count).ToArray();
        for (var k = 0; k < table.Count; k++)
        {
            Assert.Equal(truth[k].distance, table.DistancesOf(row)[k], 1e-6 + truth[k].distance * 1e-5);
            // Another index may stand here only where both are equally far within the rounding of float.
            if (truth[k].other != table.Of(row)[k])
                Assert.Equal(truth[k].distance, Distance(asked, data.Row(table.Of(row)[k]).ToArray(), metric), truth[k].distance * 1e-5);
        }
    }

    private static double Distance(float[] a, float[] b, Metric metric)
    {
        if (metric == Metric.Euclidean) return Math.Sqrt(a.Zip(b, (x, y) => ((double)x - y) * ((double)x - y)).Sum());
        double Dot(float[] x, float[] y) => x.Zip(y, (p, q) => (double)p * q).Sum();
        return 1 - Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));
    }
}
