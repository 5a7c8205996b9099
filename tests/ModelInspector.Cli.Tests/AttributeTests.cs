using ModelInspector.Activations;

namespace ModelInspector.Cli.Tests;

/// <summary>Several methods, targets and layers in one call give what single calls give.</summary>
public class AttributeTests
{
    private const string Layer = "features.0";

    [Fact]
    public void Several_methods_targets_and_layers_make_a_folder_of_what_single_calls_make()
    {
        using var scratch = new Scratch();
        var input = Input(scratch);
        Cli.Succeeds("attribute", Sample.Clean, "--input", input, "--method", "sam,saliency", "--layer", "features.*", "--target", "0", "--target", "predicted", "-o", scratch["all"]);
        Cli.Succeeds("attribute", Sample.Clean, "--input", input, "--method", "sam", "--layer", Layer, "--target", "0", "-o", scratch["one.npy"]);
        Cli.Succeeds("attribute", Sample.Clean, "--input", input, "--method", "saliency", "--target", "predicted", "-o", scratch["saliency.npy"]);
        Assert.Equal(Npy.Read(scratch["one.npy"]).Values, Npy.Read(Path.Combine(scratch["all"], "sam", "0", LayerFiles.Of(Layer) + ".npy")).Values);
        Assert.Equal(Npy.Read(scratch["saliency.npy"]).Values, Npy.Read(Path.Combine(scratch["all"], "saliency", "predicted.npy")).Values);
        Assert.True(Directory.GetFiles(Path.Combine(scratch["all"], "sam", "predicted")).Length > 1);
    }

    [Fact]
    public void A_map_that_is_zero_everywhere_is_said_to_be()
    {
        using var scratch = new Scratch();
        // The unit lies before the layer that is looked at, so that nothing there can change it.
        var (code, _, error) = Cli.Run("attribute", Sample.Clean, "--input", Input(scratch), "--method", "sam", "--layer", "features.26", "--target", $"unit:0@{Layer}", "-o", scratch["zero.npy"]);
        Assert.Equal(0, code);
        Assert.Contains("at `features.26` is zero everywhere", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_goes_to_every_method_that_has_it_or_to_the_one_it_names()
    {
        using var scratch = new Scratch();
        var input = Input(scratch);
        string[] call = ["attribute", Sample.Clean, "--input", input, "--method", "grad-cam,sam", "--layer", Layer, "--target", "1", "-o"];
        Cli.Succeeds([.. call, scratch["plain"]]);
        Cli.Succeeds([.. call, scratch["both"], "--set", "variant=signed"]);
        Cli.Succeeds([.. call, scratch["one"], "--set", "sam.variant=signed"]);
        Assert.Contains(Npy.Read(Path.Combine(scratch["both"], "sam.npy")).Values, value => value < 0);
        Assert.Equal(Npy.Read(Path.Combine(scratch["plain"], "grad-cam.npy")).Values, Npy.Read(Path.Combine(scratch["both"], "grad-cam.npy")).Values.Select(value => Math.Max(0, value)));
        Assert.Equal(Npy.Read(Path.Combine(scratch["plain"], "grad-cam.npy")).Values, Npy.Read(Path.Combine(scratch["one"], "grad-cam.npy")).Values);
        Assert.Equal(Npy.Read(Path.Combine(scratch["both"], "sam.npy")).Values, Npy.Read(Path.Combine(scratch["one"], "sam.npy")).Values);
        Assert.Contains("has no setting `steps`", Cli.Refuses([.. call, scratch["x"], "--set", "steps=3"]));
    }

    [Theory]
    [InlineData("sam,saliency", "0", "looks at a layer")]
    [InlineData("sam,grad-cm", "0", "grad-cam")]
    [InlineData("saliency", "zero", "nothing that can be explained")]
    public void What_cannot_be_is_refused(string methods, string target, string expected)
    {
        using var scratch = new Scratch();
        var (code, _, error) = Cli.Run("attribute", Sample.Clean, "--input", Input(scratch), "--method", methods, "--target", target, "-o", scratch["x"]);
        Assert.NotEqual(0, code);
        Assert.Contains(expected, error);
    }

    private static string Input(Scratch scratch)
    {
        using var writer = NpyWriter.Create(scratch["x.npy"], [1, 128, 128]);
        var random = new Random(3);
        writer.Append([.. Enumerable.Range(0, 2 * 128 * 128).Select(_ => (float)random.NextDouble())], 2);
        writer.Complete();
        return scratch["x.npy"];
    }
}
