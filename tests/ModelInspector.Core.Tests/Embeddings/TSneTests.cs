using ModelInspector.Embeddings;
using ModelInspector.Evaluation;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Embeddings;

public class TSneTests
{
    private static readonly TSne Short = new(Perplexity: 15, Iterations: 300, EarlyIterations: 100);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void The_forces_are_the_gradient_of_the_divergence(int dimensions)
    {
        var points = Clouds.Noise(60, dimensions, seed: 3);
        var near = new ModelInspector.Neighbors.ExactNeighbors().Index(Clouds.Noise(60, 8), Job.Quiet()).All(30, Job.Quiet());
        using var joined = Affinities.Joint(near, Affinities.Conditional(near, 10));
        var affinities = joined.Store();
        Matrix attraction = new(60, dimensions), repulsion = new(60, dimensions);
        var z = new AllPairsRepulsion().Forces(points, repulsion);
        new AttractionGraph(joined).Forces(points, attraction);
        for (var i = 0; i < 60; i += 7)
            for (var axis = 0; axis < dimensions; axis++)
            {
                double At(double shift) => Divergence(affinities, points, i, axis, shift);
                var slope = (At(1e-4) - At(-1e-4)) / 2e-4;
                Assert.Equal(slope, 4 * (attraction[i, axis] - repulsion[i, axis] / z), 2e-6);
            }
    }

    [Fact]
    public void Clusters_far_apart_in_the_data_are_apart_on_the_map()
    {
        var (data, labels) = Clouds.Clusters(400, 20, 5, apart: 8);
        var map = Short.Embed(data, Job.Quiet());
        var scores = new EmbeddingQuality().Measure(data, map.Points, labels, Job.Quiet());
        Assert.InRange(scores["10-NN label accuracy"].Value, 0.99, 1);
        Assert.InRange(scores["silhouette by label"].Value, 0.5, 1);
        Assert.InRange(map.Figures["KL divergence"], 0.1, 2);
    }

    [Fact]
    public void Neighbours_on_the_map_are_better_kept_than_at_the_start()
    {
        var (data, _) = Clouds.Clusters(500, 30, 8, apart: 4);
        double Kept(Matrix points) => new EmbeddingQuality().Measure(data, points, [], Job.Quiet())["neighbours kept (k = 10)"].Value;
        var (start, end) = (Kept(new Pca().Embed(data, Job.Quiet()).Points), Kept(Short.Embed(data, Job.Quiet()).Points));
        Assert.True(end > start + 0.1, $"{start} at the start, {end} at the end");
    }

    [Fact]
    public void Same_seed_gives_the_same_bits_at_any_thread_count()
    {
        var data = Clouds.Noise(700, 10);
        float[] Map() => (Short with { Iterations = 60, Initialisation = Start.Random }).Embed(data, Job.Quiet(4)).Points.Values;
        Assert.Equal(Threads.With(1, Map), Threads.With(6, Map));
    }

    [Fact]
    public void Another_seed_gives_another_map_from_a_random_start()
    {
        var method = Short with { Iterations = 20, Initialisation = Start.Random };
        var data = Clouds.Noise(100, 10);
        Assert.NotEqual(method.Embed(data, Job.Quiet(1)).Points.Values, method.Embed(data, Job.Quiet(2)).Points.Values);
    }

    [Fact]
    public void Too_large_a_perplexity_is_refused_with_the_largest_allowed()
    {
        var error = Assert.Throws<InputException>(() => new TSne(Perplexity: 30).Embed(Clouds.Noise(60, 4), Job.Quiet()));
        Assert.Contains("perplexity=30 needs at least 91 rows; the data have 60. Set perplexity=19.66 or less", error.Message);
        new TSne(Perplexity: 19.66, Iterations: 5).Embed(Clouds.Noise(60, 4), Job.Quiet());
        Assert.Equal(59 / 3.0, new TSne().For(60).Perplexity);
        Assert.Equal(30, new TSne().For(600).Perplexity);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Fewer_than_four_rows_are_refused(int rows) =>
        Assert.Contains("at least 4 rows", Assert.Throws<InputException>(() => new TSne(Perplexity: 1).Embed(Clouds.Noise(rows, 4), Job.Quiet())).Message);

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void A_handful_of_rows_gives_finite_points(int rows) =>
        Assert.All(new TSne(Perplexity: 1).Embed(Clouds.Noise(rows, 3), Job.Quiet()).Points.Values, value => Assert.True(float.IsFinite(value)));

    [Fact]
    public void Duplicates_and_constant_columns_give_finite_points()
    {
        var (same, constant) = (new Matrix(50, 3, Enumerable.Repeat(1f, 150).ToArray()), Clouds.Noise(50, 3));
        for (var i = 0; i < 50; i++) constant[i, 1] = 4;
        foreach (var data in new[] { same, constant })
            Assert.All(new TSne(Perplexity: 5, Iterations: 100).Embed(data, Job.Quiet()).Points.Values, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void One_column_is_enough()
    {
        var points = new TSne(Perplexity: 5, Iterations: 50).Embed(Clouds.Noise(40, 1), Job.Quiet()).Points;
        Assert.Equal((40, 2), (points.Rows, points.Columns));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(3000)]
    public void New_rows_land_among_their_own_kind_and_do_not_know_of_each_other(int rows)
    {
        var (all, labels) = Clouds.Clusters(rows + 100, 20, 5, apart: 6);
        var data = all.Select(Enumerable.Range(0, rows).ToArray());
        var others = all.Select(Enumerable.Range(rows, 100).ToArray());
        var fitted = (Short with { Iterations = 200 }).Fit(data, Job.Quiet());
        var places = fitted.Place(others, Job.Quiet());
        var right = Enumerable.Range(0, 100).Count(i => labels[Nearest(fitted.Projection.Points, places.Row(i).ToArray())] == labels[rows + i]);
        Assert.InRange(right, 98, 100);
        var alone = fitted.Place(others.Select([17]), Job.Quiet());
        Assert.Equal(places.Row(17).ToArray(), alone.Row(0).ToArray());
    }

    [Fact]
    public void Fitted_rows_placed_again_land_where_they_are()
    {
        var (data, _) = Clouds.Clusters(500, 20, 5, apart: 6);
        var fitted = Short.Fit(data, Job.Quiet());
        var (places, points) = (fitted.Place(data, Job.Quiet()), fitted.Projection.Points);
        double Apart(int i) => Math.Sqrt(Math.Pow(places[i, 0] - points[i, 0], 2) + Math.Pow(places[i, 1] - points[i, 1], 2));
        var spread = points.Values.Max() - points.Values.Min();
        Assert.InRange(Enumerable.Range(0, 500).Select(Apart).Order().ElementAt(250), 0, 0.03 * spread);
    }

    [Fact]
    public void A_start_that_is_given_is_kept_to()
    {
        var (data, _) = Clouds.Clusters(300, 10, 3, apart: 8);
        var start = new Pca().Embed(data, Job.Quiet()).Points;
        var mirrored = new Matrix(300, 2, start.Values.Select((value, i) => i % 2 == 0 ? -value : value).ToArray());
        Matrix From(Matrix places) => Short.Embed(data, places, Job.Quiet()).Points;
        Matrix one = From(start), other = From(mirrored);
        Assert.InRange(RankOrder.Correlation([.. Enumerable.Range(0, 300).Select(i => (double)one[i, 0])], [.. Enumerable.Range(0, 300).Select(i => (double)other[i, 0])]), -1, -0.8);
        Assert.Contains("the start has 5 rows × 2 axes; expected 300 × 2", Assert.Throws<InputException>(() => Short.Embed(data, new Matrix(5, 2), Job.Quiet())).Message);
    }

    [Fact]
    public void A_far_perplexity_is_checked_and_used()
    {
        var data = Clouds.Noise(200, 5);
        Assert.Contains("far-perplexity=80 needs", Assert.Throws<InputException>(() => (Short with { FarPerplexity = 80 }).Embed(data, Job.Quiet())).Message);
        Assert.NotEqual(Short.Embed(data, Job.Quiet()).Points.Values, (Short with { FarPerplexity = 60 }).Embed(data, Job.Quiet()).Points.Values);
    }

    [Fact]
    public void A_short_gradient_stops_the_descent_early()
    {
        var result = (Short with { Iterations = 5000, SmallestGradient = 0.01 }).Embed(Clouds.Noise(100, 5), Job.Quiet());
        Assert.InRange(result.Figures["iterations"], 100, 4999);
    }

    [Fact]
    public void Progress_tells_the_divergence_and_cancelling_stops()
    {
        var notes = new List<string?>();
        using var cancel = new CancellationTokenSource();
        var job = new Job(0, new Listener(step =>
        {
            if (step.Stage != "t-SNE") return;
            notes.Add(step.Note);
            if (step.Done == 120) cancel.Cancel();
        }), cancel.Token);
        Assert.Throws<OperationCanceledException>(() => Short.Embed(Clouds.Noise(100, 5), job));
        Assert.Equal(121, notes.Count);
        Assert.Null(notes[49]);
        Assert.StartsWith("KL ", notes[50]);
    }

    private static int Nearest(Matrix points, float[] place) => Enumerable.Range(0, points.Rows)
        .MinBy(i => (points[i, 0] - place[0]) * (points[i, 0] - place[0]) + (points[i, 1] - place[1]) * (points[i, 1] - place[1]));

    private static double Divergence(SparseRows affinities, Matrix points, int moved, int axis, double shift)
    {
        double At(int i, int a) => points[i, a] + (i == moved && a == axis ? shift : 0);
        double Kernel(int i, int j) => 1 / (1 + Enumerable.Range(0, points.Columns).Sum(a => Math.Pow(At(i, a) - At(j, a), 2)));
        double z = 0, sum = 0;
        for (var i = 0; i < points.Rows; i++)
            for (var j = 0; j < points.Rows; j++) z += i == j ? 0 : Kernel(i, j);
        for (var i = 0; i < points.Rows; i++)
            for (var k = 0; k < affinities.ColumnsOf(i).Length; k++)
            {
                var p = (double)affinities.ValuesOf(i)[k];
                sum += p * Math.Log(p / (Kernel(i, affinities.ColumnsOf(i)[k]) / z));
            }
        return sum;
    }

    private sealed class Listener(Action<Step> heard) : IProgress<Step>
    {
        public void Report(Step value) => heard(value);
    }
}
