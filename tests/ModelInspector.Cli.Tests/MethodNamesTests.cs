using System.Collections.Immutable;
using ModelInspector.Activations;

namespace ModelInspector.Cli.Tests;

/// <summary>Every method by its name, with its settings, on the command line: on the reference networks, in both formats.</summary>
public class MethodNamesTests
{
    private static readonly ImmutableDictionary<string, (string Layer, string? Pooled, bool Rectified)> Networks = new Dictionary<string, (string, string?, bool)>
    {
        ["gap"] = ("features.5", "features.8", true),
        ["residual"] = ("layer1.1", null, true),
        ["mobile"] = ("dw", null, true),
        ["vit"] = ("blocks.0.n1", null, false),
    }.ToImmutableDictionary();

    private static readonly string[] AtInput =
    [
        "gradient", "saliency", "input-times-gradient", "smooth-grad samples=2", "integrated-gradients steps=4 quadrature=gauss-legendre baseline=0.1", "deep-lift", "lrp composite=epsilon-gamma-box",
        "occlusion window=16 stride=8 baseline=0.1", "feature-ablation", "rise samples=8", "lime samples=8 players=grid:2", "kernel-shap samples=16 players=grid:2", "shapley players=quadrants", "full-grad",
    ];

    private static readonly string[] AtLayer =
    [
        "grad-cam variant=signed", "grad-cam-plus-plus variant=signed", "x-grad-cam variant=signed", "hi-res-cam variant=signed", "layer-cam variant=signed", "eigen-cam variant=signed", "eigen-grad-cam variant=signed",
        "ablation-cam variant=signed", "score-cam variant=signed", "sam variant=signed", "gradient-times-activation", "conductance steps=4", "internal-influence steps=4", "integrated-gradients steps=4", "shapley players=channels orders=4",
    ];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var name in Networks.Keys.Order())
                foreach (var format in new[] { "onnx", "pt" }) cases.Add(name, format);
            return cases;
        }
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Every_method_goes_by_its_name_and_settings(string name, string format)
    {
        using var scratch = new Scratch();
        var (network, input) = (Networks[name], Network(name, format));
        Draw(scratch, input, name, AtInput);
        Draw(scratch, input, name, AtLayer, "--layer", network.Layer);
        string[] guided = ["guided-backprop", "deconvnet"];
        if (network.Rectified)
        {
            Draw(scratch, input, name, guided);
            Draw(scratch, input, name, ["guided-grad-cam"], "--layer", network.Layer);
        }
        else foreach (var method in guided) Assert.Contains("has no ReLU", Cli.Refuses(Call(input, name, method, scratch[method + ".npy"])));
    }

    [SkippableTheory, MemberData(nameof(Cases))]
    public void Cam_is_drawn_where_a_network_pools_and_refused_elsewhere(string name, string format)
    {
        using var scratch = new Scratch();
        var (network, input) = (Networks[name], Network(name, format));
        if (network.Pooled is { } pooled) Draw(scratch, input, name, ["cam variant=signed"], "--layer", pooled);
        Assert.Contains(name == "vit" ? "pooling" : "that feeds global average pooling", Cli.Refuses([.. Call(input, name, "cam", scratch["x.npy"]), "--layer", network.Layer]));
    }

    [SkippableTheory]
    [InlineData("quadrants"), InlineData("grid:2x3"), InlineData("mask")]
    public void Shapley_values_have_players_by_quadrant_grid_and_mask(string players)
    {
        using var scratch = new Scratch();
        var input = Network("gap", "onnx");
        var size = Npy.Read(Path.Combine(Path.GetDirectoryName(input)!, "input.npy")).Shape[^1];
        Npy.Write(scratch["mask.npy"], new Numerics.NdArray([size, size], [.. Enumerable.Range(0, size * size).Select(i => (float)(i % 3))]));
        var said = players == "mask" ? "mask:" + scratch["mask.npy"] : players;
        Draw(scratch, input, "gap", [$"shapley players={said}"]);
    }

    private static void Draw(Scratch scratch, string model, string name, string[] methods, params string[] more)
    {
        var names = methods.Select(method => method.Split(' ')[0]).ToArray();
        string[] settings = [.. methods.SelectMany(method => method.Split(' ').Skip(1).SelectMany(setting => new[] { "--set", $"{method.Split(' ')[0]}.{setting}" }))];
        var output = scratch[Path.GetRandomFileName()];
        Cli.Succeeds([.. Call(model, name, string.Join(',', names), names.Length == 1 ? output + ".npy" : output), .. settings, .. more]);
        foreach (var method in names)
        {
            var map = Npy.Read(names.Length == 1 ? output + ".npy" : Path.Combine(output, method + ".npy"));
            Assert.True(map.Values.All(float.IsFinite) && map.Values.Any(value => value != 0), $"{method} of {name}: {map.Values.Count(value => value != 0)} values that are not 0");
        }
    }

    private static string[] Call(string model, string name, string methods, string output) =>
        ["attribute", model, "--input", Path.Combine(Path.GetDirectoryName(model)!, "input.npy"), "--method", methods, "--target", "1", "-o", output];

    private static string Network(string name, string format) => Path.Combine(Repository.Shared("conformance", name), "model." + format);
}
