using ModelInspector.Attribution;
using ModelInspector.Attribution.Inputs;
using ModelInspector.Attribution.Maps;
using ModelInspector.Attribution.Perturbation;
using ModelInspector.Attribution.Rules;
using ModelInspector.Models;
using ModelInspector.Models.Onnx;
using ModelInspector.Torch.Tests.TorchScript;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>Small networks whose right answer follows by hand; what the tests of single methods do not cover.</summary>
public class ClosedFormTests
{
    [Theory]
    [InlineData("linear1", new float[] { 0, 100, 0 }, new float[] { 90, 101, 101, 101 })]
    [InlineData("relu", new float[] { 3, 4, 0 }, new float[] { 0, 8, 8, 8 })]
    [InlineData("linear2", new float[] { 0, 100, 0 }, new float[] { 392, 394 })]
    public void A_layers_activation_is_what_it_gives(string layer, float[] x, float[] expected)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Mlp();
        Near.Equal(expected, Pair(model, Row(x), layer).Activation, 1e-6);
    }

    [Fact]
    public void Activations_of_layers_side_by_side_come_from_one_run()
    {
        using var scope = NewDisposeScope();
        using var model = Branches();
        string[] asked = ["first", "second", "linear0", "linear1"];
        var pairs = LayerGradients.Of(model, Row(0, 6, 0), [.. asked.Select(model.Graph.Find)], new ClassTarget(0)).ToDictionary(pair => pair.Layer.Name, pair => Floats(pair.Activation));
        Assert.Equal([0, 7, 7, 7], pairs["first"]);
        Assert.Equal([0, 7, 7, 7], pairs["second"]);
        Assert.Equal([0, 6, 0], pairs["linear0"]);
        Assert.Equal([-4, 7, 7, 7], pairs["linear1"]);
    }

    [Fact]
    public void A_relu_in_place_does_not_overwrite_the_layer_before_it()
    {
        using var scope = NewDisposeScope();
        using var linear = new ScriptSource("Linear").Parameter("w", ones(4, 3)).Parameter("b", tensor(new float[] { -10, 1, 1, 1 })).Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.linear(x, self.w, self.b)\n");
        using var net = new ScriptSource("Net").Child("linear1", linear).Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.relu_(self.linear1.forward(x)) * 2.0\n");
        using var model = net.Open(1, 3);
        var pair = Pair(model, Row(2, -5, 4), "linear1", 1);
        Near.Equal([-9, 2, 2, 2], pair.Activation, 1e-6);
        Near.Equal([0, 2, 0, 0], pair.Gradient, 1e-6);
    }

    [Fact]
    public void Channels_of_grad_cam_are_mean_gradient_times_activation()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.ConvNet();
        var pair = Pair(model, Toys.ConvNetInput(), "conv1");
        Near.Equal([-3.75f, 3, 23.25f, 30, 15, 10.5f, -3, -7.5f], pair.Gradient.mean([2, 3], keepdim: true) * pair.Activation, 1e-6);
    }

    [Theory, InlineData(Sign.Signed, -2.25f), InlineData(Sign.Relu, 0)]
    public void Grad_cam_at_the_input_weighs_it_by_the_mean_gradient(Sign variant, float negative)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Net(
            new("in", "Identity", (x, _) => x.alias()),
            new("conv1", "Conv", Toys.Convolved, ones(2, 1, 3, 3), tensor(new float[] { -50, -75 })),
            new("relu1", "Relu", (x, _) => x.relu()),
            new("flatten", "Flatten", (x, _) => x.flatten(1)),
            new("fc1", "MatMul", (x, w) => x.matmul(w[0]), cat([ones(5, 4), -ones(3, 4)], 0)));
        var x = Toys.ConvNetInput();
        x[0, 0, 1, 1] = -4;
        var pair = Pair(model, x, "in");
        float[] expected = [.. Floats(x).Select(value => value < 0 ? negative : 0.5625f * value)];
        Near.Equal(expected, new GradCam(variant).Map(pair.Activation, pair.Gradient), 1e-6);
    }

    [Fact]
    public void Grad_cam_of_given_planes_weighs_each_by_the_mean_of_its_gradient()
    {
        using var scope = NewDisposeScope();
        // Channel k is 1 at position k and 0 elsewhere, so the map is the weights.
        var gradient = tensor(new float[] { 1, 1, 1, 1, 1, 0, 0, 1, 0.5f, 0.5f, 0.5f, 0, 0.5f, 0, 0, 0 }).reshape(1, 4, 2, 2);
        Near.Equal([1, 0.5f, 0.375f, 0.125f], new GradCam().Map(eye(4).reshape(1, 4, 2, 2), gradient), 1e-6);
        float[] ridge = [0, 0, 0, 0, 0, 1, 2, 3, 2, 1, 0, 0, 0, 0, 0, 1, 2, 3, 2, 1, 0, 0, 0, 0, 0];
        Near.Equal([.. ridge.Select(value => value / 3)], new GradCam().Map(tensor(ridge).reshape(1, 1, 5, 5), full([1, 1, 5, 5], 1 / 3f)), 1e-6);
    }

    [Theory]
    [InlineData(new float[] { 2, 10, 3 }, new float[] { 41, 41, 12 })]
    [InlineData(new float[] { 20, 50, 30 }, new float[] { 280, 280, 120 })]
    public void Features_of_a_group_are_ablated_together_for_a_unit(float[] x, float[] expected)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Net(
            new("flatten", "Flatten", (v, _) => v.flatten(1)),
            new("linear1", "Gemm", Toys.Linear, ones(4, 3), tensor(new float[] { -10, 1, 1, 1 })),
            new("relu", "Relu", (v, _) => v.relu()),
            new("linear2", "Gemm", Toys.Linear, ones(2, 4), tensor(new float[] { -1, 1 })));
        using var groups = new Onnx.TemporaryFolder();
        var file = Path.Combine(groups.Path, "groups.npy");
        Activations.Npy.Write(file, new Numerics.NdArray([1, 3], [0, 0, 1]));
        Near.Equal(expected, new FeatureAblation($"mask:{file}").Attribute(model, tensor(x).reshape(1, 1, 1, 3), new UnitTarget("linear2", 0), Job.Quiet()), 1e-6);
    }

    [Fact]
    public void The_values_of_a_layer_are_ablated_one_by_one()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.ConvNet();
        var lost = new FeatureAblation("values").Attribute(model, Toys.ConvNetInput() + 1, model.Graph.Find("relu1"), new ClassTarget(0), Job.Quiet());
        Assert.Equal([1L, 2, 2, 2], lost.shape);
        Near.Equal([4, 13, 40, 49, 0, 0, -15, -24], lost, 1e-6);
        var channels = new FeatureAblation("channels").Attribute(model, Toys.ConvNetInput() + 1, model.Graph.Find("relu1"), new ClassTarget(0), Job.Quiet());
        // Without the first channel the last ReLU cuts off all 67.
        Near.Equal([67, 67, 67, 67, -39, -39, -39, -39], channels, 1e-6);
    }

    [Fact]
    public void Integrated_gradients_at_the_scores_are_their_change()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Mlp();
        var actual = new IntegratedGradients(20, Quadrature.GaussLegendre).Attribute(model, Row(50, 50, 50), model.Graph.Find("linear2"), new ClassTarget(0), Job.Quiet());
        Near.Equal([590, 0], actual, 1e-5);
    }

    [Fact]
    public void What_flows_through_a_unit_is_what_it_gains()
    {
        // relu(x₁ + x₂ + x₃ − 10) from 0 to (0, 100, 0).
        using var scope = NewDisposeScope();
        using var model = Toys.Mlp();
        Near.Equal([0, 90, 0], new IntegratedGradients(500, Quadrature.GaussLegendre).Attribute(model, Row(0, 100, 0), new UnitTarget("relu", 0), Job.Quiet()), 1e-3);
    }

    [Theory]
    [InlineData(new float[] { 10, 10, 10, 10 }, new float[] { 10, 0, 0, 10 }, new float[] { 10, 10, 10, 10 }, new float[] { 10, 0, 0, 10 })]
    [InlineData(new float[] { -10, 5, 5, -20 }, new float[] { -10, 0, 0, -20 }, new float[] { 0, 5, 5, 0 }, new float[] { 0, 0, 0, 0 })]
    public void Gradient_deconvnet_and_guided_backpropagation_differ_as_computed_by_hand(float[] weights, float[] gradient, float[] deconvnet, float[] guided)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Net(new("relu", "Relu", (v, _) => v.relu()), new("sum", "MatMul", (v, w) => v.matmul(w[0]), tensor(weights).reshape(4, 1)));
        var x = Row(1, -1, -1, 1);
        Assert.Equal(gradient, Floats(new Gradient().Attribute(model, x, new ClassTarget(0), Job.Quiet())));
        Assert.Equal(deconvnet, Floats(new Deconvnet().Attribute(model, x, new ClassTarget(0), Job.Quiet())));
        Assert.Equal(guided, Floats(new GuidedBackprop().Attribute(model, x, new ClassTarget(0), Job.Quiet())));
    }

    [Fact]
    public void The_saliency_of_a_linear_score_is_the_size_of_its_weights()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Net(new Toys.Part("fc", "MatMul", (v, w) => v.matmul(w[0]), tensor(new float[] { 2, -3, 0.5f }).reshape(3, 1)));
        Assert.Equal([2, 3, 0.5f], Floats(new Saliency().Attribute(model, Row(7, -1, 4), new ClassTarget(0), Job.Quiet())));
    }

    // What keeps a sum from zero goes in the sum's own direction; zero counts as positive.
    [Theory, InlineData(1, 1 / 1.001f), InlineData(-1, -1 / 1.001f), InlineData(0, 0)]
    public void Epsilon_takes_relevance_in_the_direction_of_the_sum(float x, float expected)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Net(new Toys.Part("fc", "MatMul", (v, w) => v.matmul(w[0]), ones(1, 1)));
        Assert.Equal(expected, new Lrp(Composite.Epsilon, 1e-3).Attribute(model, Row(x), new ClassTarget(0), Job.Quiet()).item<float>(), 1e-6f);
    }

    // Two ReLUs of the same linear layer and of a copy of it, added.
    private static GraphModel Branches()
    {
        var net = new OnnxBuilder("branches");
        net.Node("Gemm", [net.Input("x", [-1, 3]), net.Weight("w0", [3, 3], [1f, 0, 0, 0, 1, 0, 0, 0, 1])], ["linear0"], "linear0", attributes: [("transB", 1L)]);
        foreach (var (linear, relu) in new[] { ("linear1", "first"), ("linear1_alt", "second") })
        {
            net.Node("Gemm", ["linear0", net.Weight("w" + linear, [4, 3], [.. Enumerable.Repeat(1f, 12)]), net.Weight("b" + linear, [4], [-10f, 1, 1, 1])], [linear], linear, attributes: [("transB", 1L)]);
            net.Node("Relu", [linear], [relu], relu);
        }
        return (GraphModel)Onnx.Toy.Open(net.Output(net.Node("Add", ["first", "second"]), "y"));
    }

    private static ActivationAndGradient Pair(IDifferentiableModel model, Tensor x, string layer, long target = 0) =>
        LayerGradients.Of(model, x, [model.Graph.Find(layer)], new ClassTarget(target))[0];

    private static Tensor Row(params float[] values) => tensor(values).reshape(1, -1);
}
