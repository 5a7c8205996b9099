using ModelInspector.Attribution;
using ModelInspector.Attribution.Perturbation;
using ModelInspector.Attribution.Perturbation.Local;
using ModelInspector.Models;
using ModelInspector.Models.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>Runs that compute only what a window changes give what whole runs give.</summary>
public class LocalRunsTests
{
    [Theory]
    [InlineData(2, 48, 6, 3)]
    [InlineData(2, 50, 7, 5)]
    [InlineData(3, 24, 3, 6)]
    public void Scores_under_a_window_equal_those_of_whole_runs(int axes, int size, int window, int stride)
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Residual(axes, size: size);
        var x = axes == 2 ? Drawn.Normal(1, 1, 3, size, size) : Drawn.Normal(2, [1, 3, size / 2, size, size]);
        AssertEqual(model, x, OcclusionWindows.Of(x, window, stride), most: 0.9);
    }

    [SkippableTheory]
    [InlineData("gap", "onnx")]
    [InlineData("gap", "pt")]
    [InlineData("residual", "onnx")]
    [InlineData("residual", "pt")]
    [InlineData("mobile", "onnx")]
    [InlineData("mobile", "pt")]
    [InlineData("vit", "onnx")]
    public void Scores_of_the_reference_networks_under_a_window_equal_those_of_whole_runs(string name, string format)
    {
        var reference = new ConformanceCase(name);
        using var scope = NewDisposeScope();
        using var model = reference.Open(format);
        var x = reference.InputTensor().narrow(0, 0, 1);
        AssertEqual(model, x, OcclusionWindows.Of(x, name == "vit" ? 4 : 3, 2), most: 0.95);
    }

    [SkippableFact]
    public void Scores_of_a_real_network_under_a_window_equal_those_of_whole_runs()
    {
        var file = Path.Combine(Shared.Folder("real"), "models", "cifar-resnet20.onnx");
        using var scope = NewDisposeScope();
        using var model = Model.Open(file, new OpenOptions());
        var x = Drawn.Normal(3, 1, 3, 32, 32);
        AssertEqual(model, x, OcclusionWindows.Of(x, 2, 3), most: 0.95);
    }

    [Fact]
    public void The_map_is_the_same_as_of_a_network_that_can_only_be_run_whole()
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Residual(size: 32);
        using var closed = new Closed(Nets.Residual(size: 32));
        var x = Drawn.Normal(4, 3, 3, 32, 32);
        var target = new ClassTarget(1, 4, 0);
        var local = new Occlusion(5, 4, 0.5).Attribute(model, x, target, Job.Quiet());
        var whole = new Occlusion(5, 4, 0.5).Attribute(closed, x, target, Job.Quiet());
        Assert.True(local.allclose(whole, 1e-5, 1e-5 * whole.abs().max().item<float>()));
    }

    [Theory]
    [InlineData("dilated", 41, 5, 4)]
    [InlineData("strided", 47, 6, 5)]
    [InlineData("grouped", 40, 4, 4)]
    [InlineData("ceiling", 43, 5, 3)]
    [InlineData("average", 43, 5, 3)]
    [InlineData("average without padding", 43, 5, 3)]
    [InlineData("joined", 40, 5, 6)]
    [InlineData("wide", 26, 4, 5)]
    [InlineData("probabilities of one position", 41, 5, 4)]
    [InlineData("gated", 40, 4, 6)]
    public void Scores_of_every_kind_of_network_under_a_window_equal_those_of_whole_runs(string kind, int size, int window, int stride)
    {
        using var scope = NewDisposeScope();
        using var model = Network(kind, size);
        var x = Drawn.Normal(8, 1, 3, size, size);
        AssertEqual(model, x, OcclusionWindows.Of(x, window, stride), most: 0.9);
    }

    [Fact]
    public void A_pool_that_counts_its_padding_by_place_is_run_whole()
    {
        using var scope = NewDisposeScope();
        using var model = Network("average, padding left out", 31);
        var x = Drawn.Normal(9, 1, 3, 31, 31);
        var plan = new LocalPlan(model.Record(x), OcclusionWindows.Of(x, 4, 4));
        Assert.Single(plan.Slides);
        AssertEqual(model, x, OcclusionWindows.Of(x, 4, 4), most: 0.9);
    }

    [Fact]
    public void Groups_hold_every_window_once()
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Residual(size: 96);
        var x = Drawn.Normal(6, 1, 3, 96, 96);
        var windows = OcclusionWindows.Of(x, 16, 5);
        var groups = LocalRuns.Of(model, x, windows)!.Groups;
        Assert.True(groups.Count > 4);
        Assert.Equal(Enumerable.Range(0, windows.Count).Select(window => (long)window), groups.SelectMany(group => group.Numbers(group.At(0, group.Count), windows)).Order());
    }

    [Fact]
    public void Windows_of_a_seventh_of_the_side_cost_less_than_half_of_a_deep_residual_networks_products()
    {
        using var scope = NewDisposeScope();
        using var model = Deep();
        var x = Drawn.Normal(7, 1, 1, 224, 224);
        Assert.InRange(LocalRuns.Of(model, x, OcclusionWindows.Of(x, 32, 8))!.Share, 0.3, 0.45);
    }

    [Fact]
    public void A_network_whose_code_does_more_than_its_modules_is_occluded_as_whole_runs_are()
    {
        using var scope = NewDisposeScope();
        using var model = ModuleModel.Of(new Functional(), "functional", "", null, new OpenOptions());
        var x = Drawn.Normal(10, 2, 3, 24, 24);
        var given = new Occlusion(4, 4).Attribute(model, x, new ClassTarget(1), Job.Quiet());
        var whole = new Occlusion(4, 4).Attribute(new Closed(model), x, new ClassTarget(1), Job.Quiet());
        Assert.True(given.allclose(whole, 1e-5, 1e-5 * whole.abs().max().item<float>()));
    }

    [Fact]
    public void A_window_as_large_as_the_image_is_run_whole()
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Residual(size: 24);
        var x = Drawn.Normal(5, 1, 3, 24, 24);
        Assert.Null(LocalRuns.Of(model, x, OcclusionWindows.Of(x, 22, 1)));
    }

    [Theory]
    [InlineData(3, 1, 1, 4, 6, 3, 7)]          // one position more on each side
    [InlineData(3, 2, 1, 4, 6, 2, 4)]          // outputs 2 (reads 3–5) and 3 (reads 5–7)
    [InlineData(7, 2, 3, 0, 1, 0, 2)]
    [InlineData(1, 2, 0, 3, 4, 2, 2)]          // a position that no output reads
    public void A_slide_changes_the_outputs_that_read_a_change(long reach, long stride, long begin, long from, long to, long first, long behind) =>
        Assert.Equal(new Stretch(first, behind), new Slide(reach, stride, begin).Changed(new Stretch(from, to), 20));

    private static GraphModel Network(string kind, int size)
    {
        var net = new Nets.Written(2, seed: 21, size);
        var x = net.Relu(net.Conv(net.Input(3), 3, 6, kernel: 3, stride: kind == "strided" ? 3 : 1));
        var (channels, y) = kind switch
        {
            "dilated" => (6, net.Conv(x, 6, 6, dilation: 3)),
            "strided" => (6, net.Conv(net.Conv(x, 6, 6, kernel: 4, stride: 2, pad: 1), 6, 6, kernel: 1, stride: 2, pad: 0)),
            "grouped" => (6, net.Conv(net.Conv(x, 6, 6, groups: 6), 6, 6, groups: 3)),
            "ceiling" => (6, net.Pool(net.Pool(x, "MaxPool", 2, 2, ceil: 1), "MaxPool", 3, 2, pad: 1, ceil: 1)),
            "average" => (6, net.Conv(net.Pool(x, "AveragePool", 3, 2, pad: 1, counted: 1), 6, 6)),
            "average without padding" => (6, net.Conv(net.Pool(x, "AveragePool", 3, 2), 6, 6)),
            "average, padding left out" => (6, net.Pool(x, "AveragePool", 3, 2, pad: 1)),
            "joined" => (12, net.Concat(net.Conv(x, 6, 6), x)),
            "wide" => (256, net.Conv(net.Relu(net.Conv(net.Conv(x, 6, 256, kernel: 1), 256, 256)), 256, 256)),
            "gated" => (6, net.Node("Mul", [net.Conv(x, 6, 6), net.Node("Sigmoid", net.Node("GlobalAveragePool", net.Conv(x, 6, 6)))])),
            _ => (6, net.Conv(x, 6, 6)),
        };
        var pooled = net.Node("GlobalAveragePool", net.Relu(y));
        return net.Open(kind == "probabilities of one position"
            ? net.Node("Softmax", [net.Conv(pooled, channels, 5, kernel: 1, pad: 0)], ("axis", 1L))
            : net.Linear(net.Node("Flatten", pooled), channels, 5));
    }

    // The layers and strides of a ResNet-18, with half the channels.
    private static GraphModel Deep()
    {
        var net = new Nets.Written(2, seed: 22, 224);
        var x = net.Pool(net.Relu(net.Conv(net.Input(1), 1, 32, kernel: 7, stride: 2)), 3, 2);
        foreach (var (stage, channels) in new[] { 32L, 64, 128, 256 }.Index())
            x = net.Block(net.Block(x, stage == 0 ? channels : channels / 2, channels, stage == 0 ? 1 : 2), channels, channels, 1);
        return net.Open(net.Linear(net.Node("Flatten", net.Node("GlobalAveragePool", x)), 256, 5));
    }

    private sealed class Functional : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> first = nn.Conv2d(3, 4, 3, padding: 1);
        private readonly nn.Module<Tensor, Tensor> second = nn.Conv2d(4, 3, 3, padding: 1);

        public Functional() : base(nameof(Functional)) => RegisterComponents();

        public override Tensor forward(Tensor input) => second.call(first.call(input).relu()).relu().mean([2, 3]);
    }

    private sealed class Closed(IDifferentiableModel inner) : IDifferentiableModel
    {
        public ModelGraph Graph => inner.Graph;

        public Outputs Run(Inputs inputs, Tap? tap = null) => inner.Run(inputs, tap);

        public void Dispose() => inner.Dispose();
    }

    private static void AssertEqual(IModel model, Tensor x, OcclusionWindows windows, double most)
    {
        using var quiet = no_grad();
        var runs = LocalRuns.Of(model, x, windows);
        Assert.NotNull(runs);
        Assert.InRange(runs.Share, 0.001, most);
        var local = runs.Scores(x, new ClassTarget(0), 0.25, _ => { });
        var masks = windows.Kept(0, windows.Count, x)[0];
        var whole = Scores.Of(model, x * masks + (1 - masks) * 0.25);
        var scale = whole.abs().max().item<float>();
        Assert.True(local.allclose(whole, 1e-5, 1e-5 * scale), $"off by {(local - whole).abs().max().item<float>() / scale:G3}");
        Assert.True((whole - whole[0]).abs().max().item<float>() > 1e-4 * scale);
    }
}
