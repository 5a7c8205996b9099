using System.Text.Json;
using ModelInspector.Activations;
using ModelInspector.Numerics;

namespace ModelInspector.Cli.Tests;

/// <summary>Networks written in C#, from the command line.</summary>
public class ModuleTests
{
    private const string Name = "ModelInspector.Modules.Example";

    private static readonly string Output = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

    private static readonly string Library = Path.GetFullPath(Path.Combine(Output, "..", "..", Name, Path.GetFileName(Output), Name + ".dll"));

    [Fact]
    public void A_network_from_a_library_is_listed_run_captured_and_explained()
    {
        using var scratch = new Scratch();
        Npy.Write(scratch["x.npy"], new NdArray([3, 1, 16, 16], [.. Enumerable.Range(0, 3 * 256).Select(i => MathF.Sin(i))]));
        var json = JsonDocument.Parse(Cli.Succeeds("layers", "--assembly", Library, "--type", "SmallNet", "--input-shape", "1,1,16,16", "--json")).RootElement;
        Assert.Contains("block.conv_1", json.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("name").GetString()));
        Cli.Succeeds("predict", "--assembly", Library, "--type", $"{Name}.SmallNet", "--input", scratch["x.npy"], "-o", scratch["y.npy"]);
        Assert.True(Npy.Read(scratch["y.npy"]).Shape.SequenceEqual([3, 3]));
        Cli.Succeeds("capture", "--assembly", Library, "--type", "SmallNet", "--input", scratch["x.npy"], "--layers", "block.*", "-o", scratch["capture"]);
        Assert.NotEmpty(Directory.GetFiles(scratch["capture"], "*.npy"));
        Cli.Succeeds("attribute", "--assembly", Library, "--type", "SmallNet", "--input", scratch["x.npy"], "--method", "grad-cam", "--layer", "block.conv_1", "--target", "1", "-o", scratch["map.npy"]);
        Assert.True(Npy.Read(scratch["map.npy"]).Shape.SequenceEqual([3, 8, 8]));
    }

    [Fact]
    public void What_names_no_model_or_two_is_wrong_usage()
    {
        Assert.Contains("Give a model", Wrong("layers"));
        Assert.Contains("Two models", Wrong("layers", Sample.Clean, "--assembly", Library));
        Assert.Contains("brings its own", Wrong("layers", Sample.Clean, "--weights", "w.dat"));
    }

    private static string Wrong(params string[] arguments)
    {
        var (code, _, error) = Cli.Run(arguments);
        Assert.Equal(2, code);
        return error;
    }

    [Fact]
    public void A_library_without_a_network_of_that_name_lists_those_it_has() =>
        Assert.Contains("SmallNet", Cli.Refuses("layers", "--assembly", Library, "--type", "Net"));
}
