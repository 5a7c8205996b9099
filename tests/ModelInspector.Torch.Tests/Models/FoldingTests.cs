using ModelInspector.Models;
using ModelInspector.Models.Onnx;
using ModelInspector.Torch.Tests.Onnx;
using ModelInspector.Torch.Tests.TorchScript;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Models;

/// <summary>A batch normalisation runs as part of the convolution before it where nobody looks at either.</summary>
public class FoldingTests
{
    private static float[] Values(int count, int seed, float from = -1, float to = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => from + ((to - from) * random.NextSingle()))];
    }

    private static OnnxBuilder Net(string between = "", long groups = 1, bool bias = false, bool twice = false)
    {
        var net = new OnnxBuilder("folding");
        var x = net.Input("x", [-1, 4, 9, 9]);
        var weight = net.Weight("w", [8, 4 / groups, 3, 3], Values((int)(8 * 4 / groups * 9), 1));
        net.Node("Conv", bias ? [x, weight, net.Weight("c", [8], Values(8, 2))] : [x, weight], ["y"], "conv", attributes: [("group", groups), ("pads", new long[] { 1, 1, 1, 1 })]);
        if (between.Length > 0) net.Node(between, ["y"], ["y2"], "between");
        net.Node("BatchNormalization",
            [between.Length > 0 ? "y2" : "y", net.Weight("s", [8], Values(8, 3)), net.Weight("t", [8], Values(8, 4)), net.Weight("m", [8], Values(8, 5)), net.Weight("v", [8], Values(8, 6, 0.1f, 2))],
            ["z"], "norm");
        net.Node("Relu", ["z"], ["r"], "act");
        if (twice) net.Node("Add", ["r", "y"], ["out"], "sum");
        return net.Output(twice ? "out" : "r");
    }

    private static T With<T>(OnnxBuilder net, Func<GraphModel, Tensor, T> use)
    {
        using var scope = NewDisposeScope();
        using var model = (GraphModel)Toy.Open(net);
        manual_seed(3);
        using var quiet = no_grad();
        return use(model, randn(2, 4, 9, 9));
    }

    private static double Difference(Tensor one, Tensor other) => ((one - other).abs().max() / other.abs().max()).to(ScalarType.Float64).item<double>();

    [Theory]
    [InlineData(1, false)]
    [InlineData(4, false)]
    [InlineData(2, true)]
    public void A_short_run_gives_what_the_long_one_gives(long groups, bool bias) => With(Net(groups: groups, bias: bias), (model, x) =>
    {
        using var folds = new FoldedNorms(model.Program);
        Assert.Equal(1, folds.Count);
        Assert.InRange(Difference(model.Run(x).First, model.Run(x, Taps.Everything).First), 0, 1e-6);
        return 0;
    });

    [Theory]
    [InlineData("Relu", false)]
    [InlineData("", true)]
    public void A_convolution_whose_own_output_somebody_reads_is_left_alone(string between, bool twice) => With(Net(between, twice: twice), (model, x) =>
    {
        using var folds = new FoldedNorms(model.Program);
        Assert.Equal(0, folds.Count);
        Assert.Equal(0, Difference(model.Run(x).First, model.Run(x, Taps.Everything).First));
        return 0;
    });

    [Theory]
    [InlineData("conv")]
    [InlineData("norm")]
    public void What_is_looked_at_is_to_the_bit_what_the_file_says(string layer) => With(Net(), (model, x) =>
    {
        Tensor? all = null, alone = null, given = null;
        model.Run(x, (at, _, output) => { if (at.Name == layer) all = output.clone(); return null; });
        using var outputs = model.RunTapped(x, (_, inputs, output) => { (alone, given) = (output.clone(), inputs[0].clone()); return null; }, new HashSet<string> { layer });
        Assert.Equal(0, Difference(alone!, all!));
        Assert.Equal(layer == "conv" ? 4 : 8, given!.shape[1]);
        return 0;
    });

    [Fact]
    public void Layers_behind_a_folded_pair_are_seen_as_ever() => With(Net(), (model, x) =>
    {
        var seen = new List<string>();
        Tensor? short_ = null, long_ = null;
        using var one = model.RunTapped(x, (layer, _, output) => { seen.Add(layer.Name); short_ = output.clone(); return null; }, new HashSet<string> { "act" });
        using var two = model.Run(x, (layer, _, output) => { if (layer.Name == "act") long_ = output.clone(); return null; });
        Assert.Equal(["act"], seen);
        Assert.InRange(Difference(short_!, long_!), 0, 1e-6);
        return 0;
    });

    [Fact]
    public void A_gradient_flows_through_the_layers_as_the_file_has_them() => With(Net(), (model, x) =>
    {
        using var asked = enable_grad();
        var input = x.detach().requires_grad_();
        using var plain = model.Run(input);
        using var tapped = model.Run(input, Taps.Everything);
        Assert.Equal(0, Difference(autograd.grad([plain.First.sum()], [input])[0], autograd.grad([tapped.First.sum()], [input])[0]));
        return 0;
    });

    [Fact]
    public void A_copy_with_other_weights_folds_its_own() => With(Net(), (model, x) =>
    {
        model.Run(x).Dispose();
        using var other = model.Reweighted((layer, weight) => layer.Name == "norm" ? weight * 0.5f : null);
        Assert.InRange(Difference(other.Run(x).First, other.Run(x, Taps.Everything).First), 0, 1e-6);
        Assert.True(Difference(other.Run(x).First, model.Run(x).First) > 0.01);
        return 0;
    });

    [Fact]
    public void A_normalisation_by_its_own_batch_is_never_folded()
    {
        var net = new OnnxBuilder("training");
        net.Node("Conv", [net.Input("x", [-1, 4, 9, 9]), net.Weight("w", [8, 4, 3, 3], Values(288, 1))], ["y"], "conv");
        net.Node("BatchNormalization",
            ["y", net.Weight("s", [8], Values(8, 3)), net.Weight("t", [8], Values(8, 4)), net.Weight("m", [8], Values(8, 5)), net.Weight("v", [8], Values(8, 6, 0.1f, 2))],
            ["z"], "norm", attributes: [("training_mode", 1L)]);
        With(net.Output("z"), (model, _) =>
        {
            using var folds = new FoldedNorms(model.Program);
            Assert.Equal(0, folds.Count);
            return 0;
        });
    }

    [Theory]
    [InlineData("None")]
    [InlineData("self.bias")]
    public void Scripted_modules_are_folded_too_with_a_bias_and_without(string bias)
    {
        using var scope = NewDisposeScope();
        using var source = new ScriptSource("Net").Parameter("weight", tensor(Values(288, 1)).reshape(8, 4, 3, 3)).Parameter("bias", tensor(Values(8, 2)));
        foreach (var (name, seed) in new[] { ("scale", 3), ("shift", 4), ("mean", 5) }) source.Parameter(name, tensor(Values(8, seed)));
        source.Parameter("variance", tensor(Values(8, 6, 0.1f, 2))).Define($"def forward(self, x: Tensor) -> Tensor:\n  y = torch.conv2d(x, self.weight, {bias}, [1, 1], [1, 1])\n"
            + "  return torch.relu(torch.batch_norm(y, self.scale, self.shift, self.mean, self.variance, False, 0.1, 0.00001, False))\n");
        using var model = (GraphModel)source.Open(1, 4, 9, 9);
        using var folds = new FoldedNorms(model.Program);
        Assert.Equal(1, folds.Count);
        using var quiet = no_grad();
        var x = randn(2, 4, 9, 9);
        Assert.InRange(Difference(model.Run(x).First, model.Run(x, Taps.Everything).First), 0, 1e-6);
    }

    [Fact]
    public void Well_known_networks_give_the_same_scores_to_a_hundred_thousandth()
    {
        using var scope = NewDisposeScope();
        using var model = (GraphModel)Toy.Open(Architectures.MobileNet());
        using var quiet = inference_mode();
        manual_seed(1);
        var x = randn(1, 3, 224, 224);
        using var folds = new FoldedNorms(model.Program);
        Assert.Equal(52, folds.Count);
        Assert.InRange(Difference(model.Run(x).First, model.Run(x, Taps.Everything).First), 0, 1e-5);
    }

    [Fact]
    public void Nothing_of_it_outlives_the_network()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        With(Net(), (model, x) => { model.Run(x).Dispose(); return 0; });
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
