using System.Text.Json;
using ModelInspector.Activations;
using ModelInspector.Numerics;

namespace ModelInspector.Cli.Tests;

public class EmbedVerbTests
{
    public static TheoryData<string, string> Methods => new()
    {
        { "pca", "dimensions=2" }, { "t-sne", "iterations=60" }, { "umap", "epochs=30" }, { "autoencoder", "epochs=3" },
    };

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_fit_on_other_rows_saved_and_used_again_places_alike(string method, string setting)
    {
        using var scratch = new Scratch();
        Npy.Write(scratch["x.npy"], Rows(9, 5, 2));
        Npy.Write(scratch["y.npy"], Rows(120, 5, 1));
        Cli.Succeeds("embed", scratch["x.npy"], "--method", method, "--set", setting, "--fit-on", scratch["y.npy"], "--save", scratch["fit.npz"], "-o", scratch["one.npy"]);
        Cli.Succeeds("embed", scratch["x.npy"], "--fitted", scratch["fit.npz"], "-o", scratch["two.npy"]);
        var (one, two) = (Npy.Read(scratch["one.npy"]), Npy.Read(scratch["two.npy"]));
        Assert.Equal([9, 2], one.Shape.ToArray());
        Assert.Equal(one.Values, two.Values);
    }

    [Fact]
    public void Quality_and_warnings_are_printed_and_travel_beside_the_map()
    {
        using var scratch = new Scratch();
        Npy.Write(scratch["x.npy"], Rows(120, 5, 1));
        var said = Cli.Succeeds("embed", scratch["x.npy"], "--method", "t-sne", "--set", "iterations=60", "-o", scratch["map.npy"]);
        Assert.Contains("trustworthiness (k = 15)", said);
        Assert.Contains("Distances between clusters", said);
        var beside = JsonDocument.Parse(File.ReadAllText(scratch["map.json"])).RootElement;
        Assert.Equal("t-sne", beside.GetProperty("method").GetString());
        Assert.True(beside.GetProperty("figures").GetProperty("trustworthiness (k = 15)").GetDouble() > 0.5);
        Assert.True(beside.GetProperty("curve").GetArrayLength() > 5);
        Assert.Contains("mean nothing", beside.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("30", beside.GetProperty("settings").GetProperty("perplexity").GetString());
    }

    [Fact]
    public void A_csv_is_embedded_and_its_label_is_scored()
    {
        using var scratch = new Scratch();
        var rows = Rows(60, 3, 1);
        var lines = Enumerable.Range(0, 60).Select(row => FormattableString.Invariant($"s{row}.png,{(rows[row, 0] > 0 ? "up" : "down")},{rows[row, 0]},{rows[row, 1]},{rows[row, 2]}"));
        var csv = scratch.Write("x.csv", "file,label,a,b,c\n" + string.Join('\n', lines) + "\n");
        var said = Cli.Succeeds("embed", csv, "--method", "pca", "-o", scratch["map.npy"]);
        Assert.Contains("1-NN label accuracy", said);
        Assert.Contains("file", said[said.IndexOf("Note:", StringComparison.Ordinal)..]);
    }

    [Fact]
    public void Units_become_points_and_groups_of_them_are_found()
    {
        using var scratch = new Scratch();
        Npy.Write(scratch["x.npy"], new NdArray([20, 12, 3, 3], Rows(20, 108, 1).Values));
        Cli.Succeeds("embed", scratch["x.npy"], "--units", "--pool", "quantile", "--method", "pca", "-o", scratch["units.npy"]);
        Assert.Equal([12, 2], Npy.Read(scratch["units.npy"]).Shape.ToArray());
        Assert.Contains("groups:", Cli.Succeeds("cluster", scratch["units.npy"], "--method", "k-means", "-o", scratch["groups.npy"]));
        Assert.Equal(12, Assert.Single(Npy.Read(scratch["groups.npy"]).Shape));
    }

    [Fact]
    public void Images_are_restored_and_drawn()
    {
        using var scratch = new Scratch();
        Npy.Write(scratch["x.npy"], new NdArray([12, 1, 8, 8], Rows(12, 64, 1).Values));
        Cli.Succeeds("embed", scratch["x.npy"], "--method", "convolutional-autoencoder", "--set", "epochs=1", "--pictures", scratch["drawn"], "-o", scratch["map.npy"]);
        Assert.True(File.Exists(scratch["drawn/reconstructions.png"]));
        Assert.True(File.Exists(scratch["drawn/traversal.png"]));
    }

    [Fact]
    public void Rows_that_stay_in_their_file_get_the_same_scores()
    {
        using var scratch = new Scratch();
        Npy.Write(scratch["x.npy"], Rows(700, 6, 1));
        Cli.Succeeds("embed", scratch["x.npy"], "--method", "pca", "--set", "dimensions=3", "-o", scratch["whole.npy"]);
        Assert.Contains("not measured", Cli.Succeeds("embed", scratch["x.npy"], "--method", "pca", "--set", "dimensions=3", "--stream", "-o", scratch["streamed.npy"]));
        var (whole, streamed) = (Npy.Read(scratch["whole.npy"]), Npy.Read(scratch["streamed.npy"]));
        Assert.Equal(whole.Shape.ToArray(), streamed.Shape.ToArray());
        Assert.All(whole.Values.Zip(streamed.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.Contains("only pca", Cli.Refuses("embed", scratch["x.npy"], "--method", "t-sne", "--stream", "-o", scratch["o.npy"]));
        Assert.Equal(2, Cli.Run("embed", scratch["x.npy"], "--method", "pca", "--units", "--stream", "-o", scratch["o.npy"]).Code);
    }

    [Fact]
    public void What_cannot_be_embedded_is_said_in_a_sentence()
    {
        using var scratch = new Scratch();
        Npy.Write(scratch["few.npy"], Rows(20, 3, 1));
        var wrong = Rows(40, 3, 1);
        wrong[5, 1] = float.NaN;
        Npy.Write(scratch["nan.npy"], wrong);
        Npy.Write(scratch["wide.npy"], Rows(4, 9, 1));
        Assert.Contains("perplexity=6.33", Cli.Refuses("embed", scratch["few.npy"], "--method", "t-sne", "-o", scratch["o.npy"]));
        Assert.Contains("row 5, column 1", Cli.Refuses("embed", scratch["nan.npy"], "--method", "pca", "-o", scratch["o.npy"]));
        Assert.Contains("3 columns", Cli.Refuses("embed", scratch["wide.npy"], "--method", "pca", "--fit-on", scratch["few.npy"], "-o", scratch["o.npy"]));
        Assert.Contains("9 columns", Cli.Refuses("embed", scratch["wide.npy"], "--method", "pca", "--fit-on", scratch["few.npy"], "-o", scratch["o.npy"]));
        Assert.Contains("no fitted embedding", Cli.Refuses("embed", scratch["few.npy"], "--fitted", scratch["few.npy"], "-o", scratch["o.npy"]));
        Assert.Contains("no image", Cli.Refuses("embed", scratch["few.npy"], "--method", "convolutional-autoencoder", "-o", scratch["o.npy"]));
        Assert.Equal(2, Cli.Run("embed", scratch["few.npy"], "-o", scratch["o.npy"]).Code);
        Assert.False(File.Exists(scratch["o.npy"]));
    }

    // Each of these would otherwise be told when a map is done: "nothing to look at" is the first thing that any method says of two rows.
    [Theory]
    [InlineData("is a folder", "-o", "folder")]
    [InlineData("cannot be written", "-o", "few.npy/o.npy")]
    [InlineData("is a folder", "-o", "o.npy", "--save", "folder")]
    [InlineData("needs an autoencoder", "-o", "o.npy", "--pictures", "drawn")]
    public void What_cannot_be_written_is_told_before_anything_is_computed(string reason, params string[] options)
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(scratch["folder"]);
        Npy.Write(scratch["few.npy"], Rows(2, 3, 1));
        Assert.Contains(reason, Cli.Refuses(["embed", scratch["few.npy"], "--method", "t-sne", .. options.Select(option => option.StartsWith('-') ? option : scratch[option])]), StringComparison.Ordinal);
        if (options.Length == 2) Assert.Contains(reason, Cli.Refuses("cluster", scratch["few.npy"], options[0], scratch[options[1]]), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(scratch.Path, "*.part", SearchOption.AllDirectories));
    }

    private static Matrix Rows(int rows, int columns, ulong seed)
    {
        var random = new Randomness(seed);
        return new Matrix(rows, columns, [.. Enumerable.Range(0, rows * columns).Select(i => (float)random.Normal((ulong)i))]);
    }
}
