using ModelInspector.Core.Tests.Embeddings;
using ModelInspector.Neighbors;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Neighbors;

public class ApproximateNeighborsTests
{
    [Theory]
    [InlineData(Metric.Euclidean)]
    [InlineData(Metric.Cosine)]
    public void The_recall_reported_is_the_recall_against_brute_force(Metric metric)
    {
        var (data, _) = Clouds.Clusters(6000, 16, 20, apart: 3);
        var found = new ApproximateNeighbors(metric, Trees: 2).Index(data, Job.Quiet(3)).All(15, Job.Quiet(3));
        var truth = new ExactNeighbors(metric).Index(data, Job.Quiet()).All(15, Job.Quiet());
        var recall = Enumerable.Range(0, 6000).Average(row => found.Of(row).ToArray().Intersect(truth.Of(row).ToArray()).Count() / 15.0);
        Assert.InRange(recall, 0.94, 1);
        Assert.Equal(recall, found.Recall, 0.02);
    }

    [Fact]
    public void Every_list_holds_distinct_other_rows_nearest_first()
    {
        var found = new ApproximateNeighbors().Index(Clouds.Noise(3000, 10), Job.Quiet()).All(20, Job.Quiet());
        for (var row = 0; row < 3000; row++)
        {
            Assert.Equal(20, found.Of(row).ToArray().Distinct().Count());
            Assert.DoesNotContain(row, found.Of(row).ToArray());
            Assert.Equal(found.DistancesOf(row).ToArray().Order(), found.DistancesOf(row).ToArray());
        }
    }

    [Fact]
    public void Same_seed_gives_the_same_table_at_any_thread_count()
    {
        var data = Clouds.Noise(4000, 12);
        int[] Find() => new ApproximateNeighbors(Trees: 2).Index(data, Job.Quiet(2)).All(10, Job.Quiet(2)).Indices;
        Assert.Equal(Threads.With(1, Find), Threads.With(6, Find));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(40)]
    public void Few_rows_and_duplicates_are_all_found(int rows)
    {
        foreach (var data in new[] { Clouds.Noise(rows, 3), new Matrix(rows, 3) })
        {
            var found = new ApproximateNeighbors().Index(data, Job.Quiet()).All(100, Job.Quiet());
            Assert.Equal((rows - 1, 1.0), (found.Count, found.Recall));
        }
    }

    [Fact]
    public void Many_duplicates_end()
    {
        var found = new ApproximateNeighbors().Index(new Matrix(5000, 4), Job.Quiet()).All(10, Job.Quiet());
        Assert.All(found.Distances, distance => Assert.Equal(0, distance));
    }
}
