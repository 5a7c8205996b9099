using ModelInspector.Core.Tests.Embeddings;
using ModelInspector.Evaluation;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Evaluation;

public class EmbeddingQualityTests
{
    [Fact]
    public void The_data_themselves_are_a_perfect_map()
    {
        var data = Clouds.Noise(300, 4);
        var scores = new EmbeddingQuality().Measure(data, data, [], Job.Quiet());
        foreach (var name in new[] { "trustworthiness", "continuity", "neighbours kept (k = 10)", "neighbours kept (k = 30)", "rank correlation" })
            Assert.Equal(1, scores[name].Value, 1e-9);
        Assert.All(scores.Curve, point => Assert.Equal(1, point.Kept, 1e-9));
        Assert.Equal("no row has a label", scores["1-NN label accuracy"].Undefined);
    }

    [Fact]
    public void A_random_map_keeps_nothing_beyond_chance()
    {
        var scores = new EmbeddingQuality().Measure(Clouds.Noise(800, 6), Clouds.Noise(800, 2, seed: 77), [], Job.Quiet());
        Assert.Equal(0.5, scores["trustworthiness"].Value, 0.03);
        Assert.Equal(0.5, scores["continuity"].Value, 0.03);
        Assert.Equal(0, scores["rank correlation"].Value, 0.05);
        Assert.All(scores.Curve.Where(point => point.Neighbors >= 10), point => Assert.Equal(0, point.Kept, 0.02));
    }

    [Fact]
    public void Trustworthiness_and_continuity_are_those_of_the_definition()
    {
        var (data, points) = (Clouds.Noise(80, 5), Clouds.Noise(80, 2, seed: 5));
        for (var i = 0; i < 80; i++) (points[i, 0], points[i, 1]) = (points[i, 0] * 0.3f + data[i, 0], points[i, 1] * 0.3f + data[i, 1]);
        var scores = new EmbeddingQuality(Neighbors: 7).Measure(data, points, [], Job.Quiet());
        Assert.Equal(Trust(data, points, 7), scores["trustworthiness"].Value, 1e-9);
        Assert.Equal(Trust(points, data, 7), scores["continuity"].Value, 1e-9);
    }

    [Fact]
    public void Silhouette_and_accuracy_are_those_of_a_case_counted_by_hand()
    {
        var points = new Matrix(4, 1, [0, 1, 10, 12]);
        var scores = new EmbeddingQuality().Measure(points, points, [0, 0, 1, 1], Job.Quiet());
        var expected = ((11 - 1) / 11.0 + (10 - 1) / 10.0 + (9.5 - 2) / 9.5 + (11.5 - 2) / 11.5) / 4;
        Assert.Equal(expected, scores["silhouette by label"].Value, 1e-6);
        Assert.Equal(1, scores["1-NN label accuracy"].Value);
        Assert.Equal(0, scores["10-NN label accuracy"].Value); // two of three others are of the other class
    }

    [Fact]
    public void A_sample_agrees_with_all_rows_within_its_error()
    {
        var (data, labels) = Clouds.Clusters(1500, 10, 4, apart: 3);
        var points = new ModelInspector.Embeddings.Pca().Embed(data, Job.Quiet()).Points;
        var (all, some) = (Measure(1500), Measure(300));
        foreach (var (whole, part) in all.Scores.Zip(some.Scores))
        {
            Assert.Equal(0, whole.StandardError);
            Assert.InRange(part.StandardError, 1e-6, 0.1);
            Assert.InRange(Math.Abs(whole.Value - part.Value), 0, 4 * part.StandardError);
        }
        EmbeddingScores Measure(int sample) => new EmbeddingQuality(Sample: sample).Measure(data, points, labels, Job.Quiet());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_handful_of_rows_says_why_a_score_is_missing(int rows)
    {
        var data = Clouds.Noise(rows, 3);
        var scores = new EmbeddingQuality().Measure(data, data, Enumerable.Repeat(-1, rows).ToArray(), Job.Quiet());
        Assert.All(scores.Scores, score => Assert.Equal(double.IsNaN(score.Value), score.Undefined is not null));
        Assert.All(scores.Figures.Values, value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Rows_that_do_not_match_are_refused()
    {
        var quality = new EmbeddingQuality();
        Assert.Contains("5 rows, the map 4", Assert.Throws<InputException>(() => quality.Measure(new Matrix(5, 2), new Matrix(4, 2), [], Job.Quiet())).Message);
        Assert.Contains("3 labels for 5 rows", Assert.Throws<InputException>(() => quality.Measure(new Matrix(5, 2), new Matrix(5, 2), [1, 2, 3], Job.Quiet())).Message);
    }

    private static double Trust(Matrix data, Matrix points, int k)
    {
        var n = data.Rows;
        double excess = 0;
        for (var i = 0; i < n; i++)
        {
            var (far, near) = (Order(data, i), Order(points, i));
            excess += near.Take(k).Where(j => !far.Take(k).Contains(j)).Sum(j => Array.IndexOf(far, j) + 1 - k);
        }
        return 1 - 2.0 / (n * k * (2 * n - 3 * k - 1)) * excess;
    }

    private static int[] Order(Matrix rows, int i) => [.. Enumerable.Range(0, rows.Rows).Where(j => j != i)
        .OrderBy(j => rows.Row(i).ToArray().Zip(rows.Row(j).ToArray(), (a, b) => ((double)a - b) * (a - b)).Sum())];
}
