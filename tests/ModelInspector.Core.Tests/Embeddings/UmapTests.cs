using ModelInspector.Embeddings;
using ModelInspector.Evaluation;
using ModelInspector.Neighbors;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Embeddings;

public class UmapTests
{
    private static readonly Umap Short = new(Epochs: 150);

    [Theory]
    [InlineData(0.1, 1, 1.5769434, 0.8950606)]
    [InlineData(0.5, 1, 0.5830300, 1.3341670)]
    [InlineData(0.001, 1, 1.9290734, 0.7915045)]
    public void The_curve_is_the_least_squares_fit_that_the_method_prescribes(double smallest, double spread, double a, double b)
    {
        var curve = UmapCurve.Fit(smallest, spread);
        Assert.Equal(a, curve.A, 2e-4);
        Assert.Equal(b, curve.B, 2e-4);
    }

    [Fact]
    public void Weights_of_a_row_sum_to_the_logarithm_of_its_neighbours_and_the_nearest_has_weight_one()
    {
        var near = Near(Clouds.Noise(300, 5), 14);
        var weights = FuzzyGraph.Weights(near);
        for (var row = 0; row < 300; row++)
        {
            var mine = weights.AsSpan(row * 14, 14).ToArray();
            Assert.Equal(Math.Log2(15), mine.Sum(weight => (double)weight), 1e-3);
            Assert.Equal(1, mine[0]);
        }
    }

    [Fact]
    public void Directions_are_joined_as_a_fuzzy_union()
    {
        var near = Near(Clouds.Noise(100, 3), 6);
        var (there, weights) = ((int[])near.Indices.Clone(), FuzzyGraph.Weights(near));
        var directed = (float[])weights.Clone();
        var graph = FuzzyGraph.Joint(near, weights);
        float Weight(int i, int j) => Array.IndexOf(there, j, i * 6, 6) is >= 0 and var at ? directed[at] : 0;
        for (var i = 0; i < 100; i++)
            for (var k = 0; k < graph.ColumnsOf(i).Length; k++)
            {
                var j = graph.ColumnsOf(i)[k];
                Assert.Equal(Weight(i, j) + Weight(j, i) - Weight(i, j) * Weight(j, i), graph.ValuesOf(i)[k], 1e-6f);
            }
    }

    [Fact]
    public void Forces_from_the_table_are_those_of_the_formula()
    {
        var (curve, forces) = (UmapCurve.Fit(0.1, 1), new UmapForces(UmapCurve.Fit(0.1, 1)));
        foreach (var distance in new[] { 0.001f, 0.01f, 0.1f, 0.5f, 1, 2, 5, 10, 30 })
        {
            double squared = (double)distance * distance, below = 1 + curve.A * Math.Pow(squared, curve.B);
            var pull = Math.Max(-4, -2 * curve.A * curve.B * Math.Pow(squared, curve.B - 1) / below * distance);
            var push = Math.Min(4, 2 * curve.B / ((0.001 + squared) * below) * distance);
            Span<float> pulled = [distance, 0], pushed = [distance, 0];
            forces.Attract(pulled, [0, 0], 1);
            forces.Repel(pushed, [0, 0], 1);
            Assert.Equal(pull, pulled[0] - distance, 1e-3 * -pull);
            Assert.Equal(push, pushed[0] - distance, 2e-3 * push);
        }
    }

    [Fact]
    public void Edges_pull_both_ends_alike_so_the_mean_stays()
    {
        var near = Near(Clouds.Noise(1000, 4), 8);
        var graph = FuzzyGraph.Joint(near, FuzzyGraph.Weights(near));
        var start = Clouds.Noise(1000, 2, seed: 4);
        var mean = start.Values.Average(value => (double)value);
        var descent = new UmapDescent(graph, start, new UmapForces(UmapCurve.Fit(0.1, 1)), negatives: 0, seed: 1);
        for (var epoch = 0; epoch < 50; epoch++) descent.Epoch(epoch, 1 - epoch / 50f);
        Assert.Equal(mean, descent.Points.Values.Average(value => (double)value), 1e-4);
    }

    [Theory]
    [InlineData(UmapStart.Spectral)]
    [InlineData(UmapStart.Pca)]
    [InlineData(UmapStart.Random)]
    public void Clusters_far_apart_in_the_data_are_apart_on_the_map(UmapStart start)
    {
        var (data, labels) = Clouds.Clusters(500, 20, 5, apart: 5);
        var map = (Short with { Initialisation = start }).Embed(data, Job.Quiet());
        var scores = new EmbeddingQuality().Measure(data, map.Points, labels, Job.Quiet());
        Assert.InRange(scores["10-NN label accuracy"].Value, 0.98, 1);
        Assert.InRange(scores["trustworthiness"].Value, 0.85, 1);
    }

    [Fact]
    public void The_spectral_start_puts_the_ends_of_a_chain_at_the_ends_of_an_axis()
    {
        var chain = new Matrix(100, 1, [.. Enumerable.Range(0, 100).Select(i => (float)i)]);
        var near = Near(chain, 4);
        var points = SpectralStart.Of(FuzzyGraph.Joint(near, FuzzyGraph.Weights(near)), 1, Job.Quiet())!;
        double[] places = [.. points.Values.Select(value => (double)value)];
        Assert.Equal(1, Math.Abs(RankOrder.Correlation(places, [.. Enumerable.Range(0, 100).Select(i => (double)i)])), 0.02);
    }

    [Fact]
    public void Axes_of_the_spectral_start_are_of_length_one_and_at_right_angles()
    {
        var near = Near(Clouds.Noise(200, 3), 15);
        var points = SpectralStart.Of(FuzzyGraph.Joint(near, FuzzyGraph.Weights(near)), 3, Job.Quiet())!;
        for (var one = 0; one < 3; one++)
            for (var other = 0; other <= one; other++)
                Assert.Equal(one == other ? 1 : 0, Enumerable.Range(0, 200).Sum(row => (double)points[row, one] * points[row, other]), 1e-3);
    }

    [Fact]
    public void A_graph_in_pieces_starts_on_principal_components_and_says_so()
    {
        var (data, labels) = Clouds.Clusters(200, 5, 2, apart: 100);
        var map = Short.Embed(data, Job.Quiet());
        Assert.Contains(map.Warnings, warning => warning.Contains("in 2 pieces", StringComparison.Ordinal));
        Assert.Equal(1, new EmbeddingQuality().Measure(data, map.Points, labels, Job.Quiet())["1-NN label accuracy"].Value);
    }

    [Fact]
    public void Same_seed_gives_the_same_bits_at_any_thread_count_and_another_seed_another_map()
    {
        var data = Clouds.Noise(900, 10);
        float[] Map(ulong seed) => (Short with { Epochs = 30 }).Embed(data, Job.Quiet(seed)).Points.Values;
        var one = Threads.With(1, () => Map(4));
        Assert.Equal(one, Threads.With(6, () => Map(4)));
        Assert.NotEqual(one, Map(5));
    }

    [Fact]
    public void New_rows_land_among_their_own_kind_and_do_not_know_of_each_other()
    {
        var (all, labels) = Clouds.Clusters(600, 20, 5, apart: 6);
        var fitted = Short.Fit(all.Select(Enumerable.Range(0, 500).ToArray()), Job.Quiet());
        var others = all.Select(Enumerable.Range(500, 100).ToArray());
        var places = fitted.Place(others, Job.Quiet());
        var near = new ExactNeighbors().Index(fitted.Projection.Points, Job.Quiet()).Query(places, 1, Job.Quiet());
        Assert.InRange(Enumerable.Range(0, 100).Count(i => labels[near.Of(i)[0]] == labels[500 + i]), 98, 100);
        Assert.Equal(places.Row(17).ToArray(), fitted.Place(others.Select([17]), Job.Quiet()).Row(0).ToArray());
    }

    [Fact]
    public void Labels_draw_their_rows_together()
    {
        var (data, _) = Clouds.Clusters(400, 10, 1, apart: 0);
        int[] labels = [.. Enumerable.Range(0, 400).Select(i => i % 40 == 0 ? -1 : data[i, 0] > 0 ? 1 : 0)];
        double Silhouette(IFittedEmbedding map) => new EmbeddingQuality().Measure(data, map.Projection.Points, labels, Job.Quiet())["silhouette by label"].Value;
        var (free, guided) = (Silhouette(Short.Fit(data, Job.Quiet())), Silhouette(Short.Fit(data, labels, Job.Quiet())));
        Assert.True(guided > free + 0.2, $"{free} without labels, {guided} with them");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(40)]
    public void A_handful_of_rows_and_duplicates_give_finite_points(int rows)
    {
        var method = new Umap(NNeighbors: Math.Min(rows, 5), Epochs: 50);
        foreach (var data in new[] { Clouds.Noise(rows, 3), new Matrix(rows, 3) })
            Assert.All(method.Embed(data, Job.Quiet()).Points.Values, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Bad_input_is_refused_with_the_way_out()
    {
        string Message(Umap method, Matrix data) => Assert.Throws<InputException>(() => method.Embed(data, Job.Quiet())).Message;
        Assert.Contains("n-neighbors=15 of 10 rows", Message(new Umap(), Clouds.Noise(10, 3)));
        Assert.Contains("at least 3 rows; the data have 2", Message(new Umap(2), Clouds.Noise(2, 3)));
        Assert.Contains("min-dist=5", Message(new Umap(MinDist: 5), Clouds.Noise(50, 3)));
        Assert.Contains("4 labels for 50 rows", Assert.Throws<InputException>(() => new Umap().Fit(Clouds.Noise(50, 3), [1, 2, 3, 4], Job.Quiet())).Message);
    }

    private static NeighborTable Near(Matrix data, int count) => new ExactNeighbors().Index(data, Job.Quiet()).All(count, Job.Quiet());
}
