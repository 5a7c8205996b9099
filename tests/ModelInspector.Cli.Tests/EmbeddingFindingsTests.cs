using ModelInspector.Activations;
using ModelInspector.Findings;
using ModelInspector.Inspection;

namespace ModelInspector.Cli.Tests;

/// <summary>What an inspection finds by comparing samples and units, on some of the sample's images.</summary>
public sealed class EmbeddingFindingsTests : IDisposable
{
    private const int Patients = 8, Phases = 5;
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void Classes_come_apart_with_depth_and_patients_do_not_vote_for_their_own()
    {
        var found = Inspected(Request() with { UnitEmbeddings = [], Clusterings = ["k-means", "hdbscan"] });
        var separability = found.OfType<SeparabilityByDepth>().Single();
        double At(string layer, string metric, bool control = false) => separability.Rows.Single(row => row.Layer == layer && row.Metric == metric && row.Control == control).Value.Estimate;
        var (first, last) = (separability.Layers[0], separability.Layers[^1]);
        Assert.True(At(last, "neighbour-accuracy") > 0.9);
        Assert.True(At(first, "neighbour-accuracy") < At(last, "neighbour-accuracy") - 0.3);
        Assert.InRange(At(last, "neighbour-accuracy", control: true), 0, 0.5);
        Assert.True(At(first, "silhouette") < At(last, "silhouette"));
        Assert.Equal(Patients, separability.Rows[0].Value.Count);
        Assert.StartsWith("layer,method,control,metric", File.ReadAllText(scratch["run/separability.csv"]), StringComparison.Ordinal);
        var groups = found.OfType<LayerClusters>().Single(clusters => clusters.Method == "k-means");
        Assert.Equal(Patients * Phases, groups.Groups.Length);
        Assert.True(groups.Figures["agreement with the classes (adjusted Rand index)"] > 0.6);
        Assert.Contains(found.OfType<LayerClusters>(), clusters => clusters.Method == "hdbscan");
    }

    [Theory]
    [InlineData(Pooling.Mean, "mean")]
    [InlineData(Pooling.Max, "max")]
    [InlineData(Pooling.Quantile, "quantile")]
    [InlineData(Pooling.None, "mean")]
    public void Units_are_points_whatever_is_kept_of_the_positions_and_the_run_says_what(Pooling pooling, string response)
    {
        var found = Inspected(Request() with { UnitEmbeddings = ["pca", "t-sne"], Clusterings = [], Embeddings = ["pca"], Pooling = pooling });
        var units = found.OfType<UnitEmbedding>().Where(unit => unit.Method == "pca").ToList();
        Assert.NotEmpty(units);
        Assert.All(units, unit =>
        {
            Assert.Equal(response, unit.Response);
            Assert.Equal(unit.Points.Shape.ToArray(), Npy.Read(scratch["run/" + unit.Points.File]).Shape.ToArray());
            Assert.Equal(unit.Points.Shape[0], unit.Classes.Length);
            Assert.Equal(unit.Points.Shape[0], unit.Groups.Length);
            Assert.All(Npy.Read(scratch["run/" + unit.TopSamples!.File]).Values, sample => Assert.InRange(sample, 0, Patients * Phases - 1));
        });
        Assert.Contains(found.OfType<DataAndLimits>().Single().Limits, limit => limit.StartsWith("Embeddings use", StringComparison.Ordinal));
        var map = found.OfType<LayerEmbedding>().First();
        Assert.NotEmpty(map.Curve);
        Assert.Equal(pooling == Pooling.None, map.Warnings.Any(warning => warning.Contains("principal components first", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_images_themselves_are_squeezed_and_drawn_again()
    {
        var codes = Inspected(Request(2) with { UnitEmbeddings = [], Clusterings = [], ImageCoder = true }).OfType<ImageCodes>().Single();
        Assert.Equal(8, codes.Codes);
        Assert.InRange(codes.Figures["reconstruction error"], 0, 1);
        Assert.Contains("Images were shrunk to 64 × 64 pixels first.", codes.Warnings);
        Assert.Equal(codes.Errors.Order(), codes.Errors.AsEnumerable());
        foreach (var file in new[] { codes.Reconstructions, codes.Traversal, codes.Coder }) Assert.True(new FileInfo(scratch["run/" + file]).Length > 1000);
    }

    private InspectionRequest Request(int patients = Patients) => new(Sample.Clean, SomeSamples(patients))
    {
        MostLayers = 3,
        Maps = ["sam"],
        Examples = 0,
        Embeddings = [],
        LastLayerEmbeddings = [],
        UnitCards = 0,
    };

    private List<Finding> Inspected(InspectionRequest request) => [.. Inspection.Inspection.Run(request, new RunDirectory(scratch["run"]), Job.Quiet(1))];

    private string SomeSamples(int patients)
    {
        var rows = File.ReadAllLines(Sample.Labels);
        var chosen = rows.Skip(1).Take(patients * Phases).ToArray();
        var folder = Path.GetDirectoryName(Sample.Labels)!;
        foreach (var file in chosen.Select(row => row.Split(',')[0])) scratch.Write($"data/{file}", File.ReadAllBytes(Path.Combine(folder, file)));
        // Without masks: nothing is intervened on.
        var mask = rows[0].Split(',').ToList().IndexOf("mask");
        return scratch.Write("data/labels.csv", string.Join('\n', new[] { rows[0] }.Concat(chosen).Select(row => string.Join(',', row.Split(',').Where((_, column) => column != mask)))));
    }
}
