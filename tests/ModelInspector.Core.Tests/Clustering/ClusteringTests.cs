using ModelInspector.Clustering;
using ModelInspector.Core.Tests.Embeddings;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Clustering;

public class ClusteringTests
{
    public static TheoryData<string> Methods => [.. Catalog.Of<IClustering>().Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Planted_groups_are_found_in_their_number(string name)
    {
        var (data, labels) = Clouds.Clusters(300, 6, 4, 14);
        var found = Build(name).Cluster(data, Job.Quiet());
        Assert.Equal(4, found.Count);
        Assert.True(AdjustedRand.Index(found.Labels.AsSpan(), labels) > 0.98);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Planted_groups_are_found_again_and_noise_is_not(string name)
    {
        var planted = new ClusterStability(3).Cluster(Build(name), Clouds.Clusters(200, 5, 3, 14).Data, Job.Quiet());
        Assert.True(planted.Figures["stability (adjusted Rand index)"] > 0.95);
        var noise = new ClusterStability(3).Cluster(Build(name), Clouds.Noise(200, 5), Job.Quiet());
        Assert.True(noise.Count == 0 || noise.Warnings.Length > 0, $"{name}: {noise.Count} groups, {string.Join(", ", noise.Figures)}");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_same_seed_gives_the_same_groups_at_any_number_of_threads(string name)
    {
        var data = Clouds.Noise(700, 3);
        var before = RowParallel.Threads;
        try
        {
            RowParallel.Threads = 1;
            var one = Build(name).Cluster(data, Job.Quiet(4));
            RowParallel.Threads = 3;
            Assert.Equal(one.Labels.ToArray(), Build(name).Cluster(data, Job.Quiet(4)).Labels.ToArray());
        }
        finally
        {
            RowParallel.Threads = before;
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Few_rows_duplicates_and_bad_numbers_give_groups_or_a_sentence(string name)
    {
        for (var rows = 1; rows < 7; rows++) Try(name, Clouds.Noise(rows, 2));
        Try(name, new Matrix(50, 3));
        Try(name, Clouds.Noise(3, 2).Select([.. Enumerable.Range(0, 60).Select(row => row % 3)]));
        var bad = Clouds.Noise(20, 2);
        bad[3, 1] = float.NaN;
        Assert.Contains("row 3", Assert.Throws<InputException>(() => Build(name).Cluster(bad, Job.Quiet())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Cancelling_is_honoured(string name) => Assert.Throws<OperationCanceledException>(
        () => Build(name).Cluster(Clouds.Noise(100, 2), Job.Quiet() with { Cancel = new CancellationToken(true) }));

    [Fact]
    public void K_means_ends_where_no_row_is_nearer_to_another_mean()
    {
        var data = Clouds.Noise(200, 3);
        var labels = new KMeans(5).Cluster(data, Job.Quiet()).Labels;
        double[][] means = [.. Enumerable.Range(0, 5).Select(group => Mean(data, [.. labels.Index().Where(row => row.Item == group).Select(row => row.Index)]))];
        for (var row = 0; row < data.Rows; row++)
        {
            var gaps = means.Select(mean => mean.Select((value, column) => Math.Pow(value - data[row, column], 2)).Sum()).ToArray();
            Assert.True(gaps[labels[row]] <= gaps.Min() + 1e-5);
        }
    }

    [Fact]
    public void Hdbscan_follows_two_moons_that_k_means_cuts()
    {
        var (data, labels) = Moons(400);
        Assert.True(AdjustedRand.Index(new Hdbscan(20, 5).Cluster(data, Job.Quiet()).Labels.AsSpan(), labels) > 0.95);
        Assert.True(AdjustedRand.Index(new KMeans(2).Cluster(data, Job.Quiet()).Labels.AsSpan(), labels) < 0.7);
    }

    [Fact]
    public void Hdbscan_leaves_lonely_rows_out()
    {
        var data = Clouds.Clusters(210, 2, 2, 12).Data;
        for (var row = 200; row < 210; row++) (data[row, 0], data[row, 1]) = (300 + 40 * (row - 200), -200 + 30 * ((row * 7) % 10));
        var found = new Hdbscan(20).Cluster(data, Job.Quiet());
        Assert.Equal(2, found.Count);
        Assert.All(Enumerable.Range(200, 10), row => Assert.Equal(-1, found.Labels[row]));
        Assert.True(found.Figures["rows in no group"] >= 10.0 / 210);
    }

    [Fact]
    public void The_spanning_tree_is_as_short_as_kruskals()
    {
        var data = Clouds.Noise(60, 3);
        var cores = Enumerable.Range(0, 60).Select(row => 0.2f + 0.01f * row).ToArray();
        var total = SpanningTree.Of(data, cores, Job.Quiet()).Sum(edge => (double)edge.Length);
        Assert.Equal(Kruskal(data, cores), total, 1e-4);
    }

    [Fact]
    public void The_adjusted_rand_index_of_a_worked_example_and_of_its_ends()
    {
        // Hubert and Arabie's kind of table: cells 1 1 0 | 1 2 1 | 0 0 4, n = 10.
        int[] one = [0, 0, 1, 1, 1, 1, 2, 2, 2, 2], other = [0, 1, 0, 1, 1, 2, 2, 2, 2, 2];
        Assert.Equal(0.3126, AdjustedRand.Index(one, other), 1e-3);
        Assert.Equal(1, AdjustedRand.Index(one, [.. one.Select(label => 2 - label)]), 1e-12);
        Assert.InRange(AdjustedRand.Index([.. Enumerable.Range(0, 4000).Select(row => row % 3)], [.. Enumerable.Range(0, 4000).Select(row => (int)(new Randomness(1).Bits((ulong)row) % 3))]), -0.01, 0.01);
        Assert.True(double.IsNaN(AdjustedRand.Index([0, -1], [0, 0])));
    }

    [Fact]
    public void The_silhouette_is_that_of_the_definition()
    {
        var (data, labels) = Clouds.Clusters(30, 2, 3, 3);
        var expected = Enumerable.Range(0, 30).Average(row =>
        {
            double Mean(int group) => Enumerable.Range(0, 30).Where(other => other != row && labels[other] == group)
                .Average(other => Math.Sqrt(Math.Pow(data[row, 0] - data[other, 0], 2) + Math.Pow(data[row, 1] - data[other, 1], 2)));
            var (a, b) = (Mean(labels[row]), Enumerable.Range(0, 3).Where(group => group != labels[row]).Min(Mean));
            return (b - a) / Math.Max(a, b);
        });
        Assert.Equal(expected, Silhouette.Mean(data, labels), 1e-5);
    }

    private static IClustering Build(string name) => Catalog.Find(Catalog.Of<IClustering>(), name).Create<IClustering>(new Dictionary<string, string>());

    private static void Try(string name, Matrix data)
    {
        try
        {
            Assert.Equal(data.Rows, Build(name).Cluster(data, Job.Quiet()).Labels.Length);
        }
        catch (InputException error)
        {
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }
    }

    private static double[] Mean(Matrix data, int[] rows) => [.. Enumerable.Range(0, data.Columns).Select(column => rows.Average(row => (double)data[row, column]))];

    private static (Matrix Data, int[] Labels) Moons(int rows)
    {
        var data = Clouds.Noise(rows, 2);
        for (var row = 0; row < rows; row++)
        {
            var angle = Math.PI * (row / 2) / (rows / 2);
            var (x, y) = row % 2 == 0 ? (Math.Cos(angle), Math.Sin(angle)) : (1 - Math.Cos(angle), 0.5 - Math.Sin(angle));
            (data[row, 0], data[row, 1]) = ((float)x + 0.05f * data[row, 0], (float)y + 0.05f * data[row, 1]);
        }
        return (data, [.. Enumerable.Range(0, rows).Select(row => row % 2)]);
    }

    private static double Kruskal(Matrix data, float[] cores)
    {
        var group = Enumerable.Range(0, data.Rows).ToArray();
        var total = 0.0;
        foreach (var (one, other, length) in Enumerable.Range(0, data.Rows).SelectMany(one => Enumerable.Range(0, one).Select(other => (one, other,
            Math.Max(Math.Max(cores[one], cores[other]), Math.Sqrt(Enumerable.Range(0, data.Columns).Sum(column => Math.Pow(data[one, column] - data[other, column], 2))))))).OrderBy(edge => edge.Item3))
        {
            if (group[one] == group[other]) continue;
            total += length;
            var (from, to) = (group[one], group[other]);
            for (var row = 0; row < group.Length; row++) if (group[row] == from) group[row] = to;
        }
        return total;
    }
}
