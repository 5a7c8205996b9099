using ModelInspector.Clustering;
using ModelInspector.Embeddings;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Embeddings;

/// <summary>Data that nobody planned for: a right result or one clear sentence, over the whole catalog.</summary>
public class BadDataTests
{
    public static TheoryData<string> Methods => [.. Catalog.Of<IEmbedding>().Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void One_to_five_rows_are_embedded_or_refused(string name)
    {
        for (var rows = 1; rows <= 5; rows++)
            for (var columns = 1; columns <= 3; columns++) FiniteOrSentence(name, Clouds.Noise(rows, columns));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Columns_that_do_not_vary_do_no_harm(string name)
    {
        var data = Clouds.Noise(100, 6);
        for (var row = 0; row < data.Rows; row++) (data[row, 1], data[row, 4]) = (1e6f, 0);
        Assert.True(FiniteOrSentence(name, data));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Rows_that_are_all_alike_are_embedded_or_refused(string name)
    {
        var data = new Matrix(100, 5);
        Array.Fill(data.Values, 3.25f);
        FiniteOrSentence(name, data);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Many_duplicates_of_a_few_rows_are_embedded(string name)
    {
        var few = Clouds.Noise(4, 5);
        Assert.True(FiniteOrSentence(name, few.Select([.. Enumerable.Range(0, 120).Select(row => row % 4)])));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_single_column_is_embedded_where_one_axis_is_enough(string name) => FiniteOrSentence(name, Clouds.Noise(100, 1));

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_value_that_is_not_finite_is_named_by_row_and_column(string name)
    {
        foreach (var bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            var data = Clouds.Noise(100, 4);
            data[17, 2] = bad;
            var message = Assert.Throws<InputException>(() => Build(name).Embed(data, Job.Quiet())).Message;
            Assert.Contains("row 17, column 2", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Huge_and_tiny_numbers_neither_overflow_nor_vanish(string name)
    {
        foreach (var scale in new[] { 1e30f, 1e12f, 1e-12f, 1e-30f })
        {
            var (data, labels) = Clouds.Clusters(120, 5, 3, 30);
            for (var i = 0; i < data.Values.Length; i++) data.Values[i] *= scale;
            if (!FiniteOrSentence(name, data)) continue;
            var points = Build(name).Embed(data, Job.Quiet()).Points;
            Assert.True(Silhouette.Mean(points, labels) > 0.3, $"{name} at {scale}");
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_million_columns_are_embedded_in_seconds(string name)
    {
        if (name == "umap") FiniteOrSentence(name, Clouds.Noise(16, 1_000_000)); // its start is PCA or spectral: both are looked at
        else FiniteOrSentence(name, Clouds.Noise(5, 1_000_000));
    }

    private static IEmbedding Build(string name) => name switch
    {
        "t-sne" => new TSne(Iterations: 100, EarlyIterations: 50),
        "umap" => new Umap(Epochs: 60),
        _ => Catalog.Find(Catalog.Of<IEmbedding>(), name).Create<IEmbedding>(new Dictionary<string, string>()),
    };

    private static bool FiniteOrSentence(string name, Matrix data)
    {
        try
        {
            var projection = Build(name).Embed(data, Job.Quiet());
            Assert.Equal(data.Rows, projection.Points.Rows);
            Assert.All(projection.Points.Values, value => Assert.True(float.IsFinite(value)));
            Assert.All(projection.Figures.Values, value => Assert.True(double.IsFinite(value)));
            return true;
        }
        catch (InputException error)
        {
            Assert.Matches("(Give|Set) .+", error.Message); // the way out
            return false;
        }
    }
}
