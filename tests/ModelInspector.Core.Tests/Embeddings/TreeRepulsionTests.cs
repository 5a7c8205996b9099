using ModelInspector.Embeddings;
using ModelInspector.Evaluation;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Embeddings;

public class TreeRepulsionTests
{
    [Theory]
    [InlineData(0f, 1e-5)]
    [InlineData(0.5f, 0.03)]
    public void Forces_in_space_are_those_of_all_pairs_within_the_trees_error(float angle, double tolerance)
    {
        var (points, _) = Clouds.Clusters(1500, 3, 5, apart: 10);
        Matrix exact = new(1500, 3), fast = new(1500, 3);
        var (z, truth) = (new TreeRepulsion(angle).Forces(points, fast), new AllPairsRepulsion().Forces(points, exact));
        Assert.Equal(truth, z, truth * tolerance);
        var error = Math.Sqrt(exact.Values.Zip(fast.Values, (a, b) => (double)(a - b) * (a - b)).Sum() / exact.Values.Sum(a => (double)a * a));
        Assert.InRange(error, 0, tolerance);
    }

    [Fact]
    public void Points_in_one_place_do_not_push_each_other()
    {
        var (points, forces) = (new Matrix(100, 3, Enumerable.Repeat(2f, 300).ToArray()), new Matrix(100, 3));
        Assert.Equal(9900, new TreeRepulsion(0.5f).Forces(points, forces), 1e-6);
        Assert.All(forces.Values, force => Assert.Equal(0, force));
    }

    [Fact]
    public void A_map_in_space_keeps_clusters_apart_with_the_same_bits_at_any_thread_count()
    {
        var (data, labels) = Clouds.Clusters(2600, 12, 6, apart: 8);
        var method = new TSne(Perplexity: 10, Dimensions: 3, Iterations: 120, EarlyIterations: 60);
        var points = Threads.With(3, () => method.Embed(data, Job.Quiet()).Points);
        Assert.Equal(points.Values, Threads.With(1, () => method.Embed(data, Job.Quiet()).Points.Values));
        Assert.InRange(new EmbeddingQuality(Sample: 300).Measure(data, points, labels, Job.Quiet())["10-NN label accuracy"].Value, 0.98, 1);
    }
}
