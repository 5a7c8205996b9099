using System.IO.Compression;
using ModelInspector.Embeddings;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Embeddings;

public class FittedStateTests
{
    public static TheoryData<string> Methods => ["pca", "t-sne", "umap"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_saved_fit_places_new_rows_at_the_same_bits(string name)
    {
        using var scratch = new Scratch();
        // More columns than the reduction keeps, so that it is saved too.
        var fit = Fitted(name, Clouds.Stretched(120, 70));
        fit.State.Save(scratch["fit.npz"]);
        var restored = FittedState.Load(scratch["fit.npz"]).Restore(Catalog.Of<IEmbedding>());
        var others = Clouds.Stretched(7, 70, seed: 3);
        Assert.Equal(fit.Place(others, Job.Quiet(5)).Values, restored.Place(others, Job.Quiet(5)).Values);
        Assert.Equal(fit.Projection.Points.Values, restored.Projection.Points.Values);
        Assert.Equal(fit.Projection.Figures, restored.Projection.Figures);
        Assert.Equal(fit.Projection.Warnings.AsEnumerable(), restored.Projection.Warnings);
        Assert.Equal(["fit.npz"], scratch.Files);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Rows_of_other_columns_are_refused_after_loading_too(string name)
    {
        using var scratch = new Scratch();
        Fitted(name, Clouds.Noise(100, 6)).State.Save(scratch["fit.npz"]);
        var restored = FittedState.Load(scratch["fit.npz"]).Restore(Catalog.Of<IEmbedding>());
        Assert.Contains("6 columns", Assert.Throws<InputException>(() => restored.Place(Clouds.Noise(3, 5), Job.Quiet())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Anything_else_is_refused_in_one_sentence()
    {
        using var scratch = new Scratch();
        File.WriteAllText(scratch["text.npz"], "no zip");
        Fitted("pca", Clouds.Noise(20, 4)).State.Save(scratch["fit.npz"]);
        File.WriteAllBytes(scratch["cut.npz"], File.ReadAllBytes(scratch["fit.npz"])[..^100]);
        foreach (var file in new[] { "missing.npz", "text.npz", "cut.npz" })
            Assert.Contains(file, Assert.Throws<InputException>(() => FittedState.Load(scratch[file])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_whose_numbers_do_not_fit_together_is_refused()
    {
        var state = Fitted("pca", Clouds.Noise(20, 4)).State;
        foreach (var broken in new[]
        {
            state with { Arrays = state.Arrays.Clear() },
            state with { Numbers = state.Numbers.Clear() },
            state.With("pca-components", new Matrix(2, 3)),
            state.With("pca-components", new Matrix(2, 4, [.. Enumerable.Repeat(float.NaN, 8)])),
            state with { Projection = state.Projection with { Points = new Matrix(20, 5) } },
            state with { Method = "no-such" },
            state with { Settings = state.Settings.SetItem("dimensions", "-3") },
        })
            Assert.Throws<InputException>(() => broken.Restore(Catalog.Of<IEmbedding>()));
    }

    [Fact]
    public void A_small_file_cannot_claim_to_be_large()
    {
        using var scratch = new Scratch();
        using (var zip = ZipFile.Open(scratch["bomb.npz"], ZipArchiveMode.Create))
        {
            using var entry = zip.CreateEntry("embedding.json", CompressionLevel.SmallestSize).Open();
            entry.Write(new byte[10_000_000]);
        }
        Assert.Contains("compressed", Assert.Throws<InputException>(() => FittedState.Load(scratch["bomb.npz"])).Message, StringComparison.Ordinal);
    }

    private static IFittedEmbedding Fitted(string name, Matrix data) =>
        ((IFittableEmbedding)(name switch
        {
            "t-sne" => new TSne(Perplexity: 5, Iterations: 60, EarlyIterations: 20),
            "umap" => new Umap(NNeighbors: 8, Epochs: 20),
            _ => new Pca(3, Whiten: true),
        })).Fit(data, Job.Quiet(1)) is var fit && name == "pca" && data.Rows == 20 ? new Pca(2).Fit(data, Job.Quiet(1)) : fit;
}
