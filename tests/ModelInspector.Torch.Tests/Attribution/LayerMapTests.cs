using ModelInspector.Attribution;
using ModelInspector.Attribution.Maps;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

public class LayerMapTests
{
    [Fact]
    public void Grad_cam_at_a_convolution_equals_the_hand_computed_map() =>
        Near.Equal([11.25f, 13.5f, 20.25f, 22.5f], MapAt("conv1", new GradCam(Sign.Signed)), 1e-6);

    [Fact]
    public void Grad_cam_behind_the_relu_equals_the_hand_computed_map() =>
        Near.Equal([0, 4, 28, 32.5f], MapAt("relu1", new GradCam()), 1e-6);

    [Fact]
    public void Grad_cam_of_a_layer_without_positions_is_gradient_times_activation_summed() =>
        Near.Equal([400], LayerMap(Toys.Mlp(), tensor(new float[] { 0, 100, 0 }).reshape(1, 3), "linear0", new GradCam()), 1e-6);

    [Theory]
    [InlineData("linear0", new float[] { 0, 400, 0 })]
    [InlineData("linear1", new float[] { 90, 101, 101, 101 })]
    [InlineData("linear2", new float[] { 392, 0 })]
    public void Gradient_times_activation_equals_the_hand_computed_values(string layer, float[] expected) =>
        Near.Equal(expected, LayerMap(Toys.Mlp(), tensor(new float[] { 0, 100, 0 }).reshape(1, 3), layer, new GradientTimesActivation()), 1e-6);

    [Fact]
    public void Sam_equals_grad_cam_at_the_layer_that_feeds_global_average_pooling()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Drawn.Normal(1, 3, 1, 8, 8);
        Near.Equal(Floats(LayerMap(model, x, "relu1", new GradCam())), LayerMap(model, x, "relu1", new Sam()), 1e-6);
    }

    [Fact]
    public void Sam_differs_from_grad_cam_at_an_earlier_layer()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Drawn.Normal(2, 3, 1, 8, 8);
        Assert.False(LayerMap(model, x, "relu0", new GradCam()).allclose(LayerMap(model, x, "relu0", new Sam()), 1e-3, 1e-4));
    }

    [Theory]
    [InlineData(SamVariant.Signed, 3)]
    [InlineData(SamVariant.ReluAfterSum, 3)]
    [InlineData(SamVariant.ReluBeforeSum, 9)]
    [InlineData(SamVariant.ReluGradient, 4)]
    [InlineData(SamVariant.Absolute, 15)]
    public void Every_reading_of_sam_follows_its_formula(SamVariant variant, float expected)
    {
        // Two channels at one position besides a third: g·A = 4, −6, 5.
        using var scope = NewDisposeScope();
        var activation = tensor(new float[] { 2, 3, -5 }).reshape(1, 3, 1, 1);
        var gradient = tensor(new float[] { 2, -2, -1 }).reshape(1, 3, 1, 1);
        Assert.Equal(expected, new Sam(variant).Map(activation, gradient).item<float>());
    }

    public static TheoryData<string, ILayerMap, Func<Tensor, Tensor, Tensor>> Formulas => new()
    {
        { "grad-cam", new GradCam(Sign.Signed), (a, g) => (g.flatten(2).mean([2L]).unsqueeze(-1) * a.flatten(2)).sum(1) },
        { "x-grad-cam", new XGradCam(Sign.Signed), (a, g) => ((g * a).flatten(2).sum(2) / (a.flatten(2).sum(2) + 1e-7)).unsqueeze(-1).mul(a.flatten(2)).sum(1) },
        { "hi-res-cam", new HiResCam(Sign.Signed), (a, g) => (g * a).sum(1).flatten(1) },
        { "layer-cam", new LayerCam(Sign.Signed), (a, g) => (g.relu() * a).sum(1).flatten(1) },
        { "sam", new Sam(), (a, g) => (g * a).sum(1).relu().flatten(1) },
        { "sam, ReLU before the sum", new Sam(SamVariant.ReluBeforeSum), (a, g) => (g * a).relu().sum(1).flatten(1) },
        { "sam, absolute", new Sam(SamVariant.Absolute), (a, g) => (g * a).abs().sum(1).flatten(1) },
    };

    [Theory]
    [MemberData(nameof(Formulas), DisableDiscoveryEnumeration = true)]
    public void A_map_equals_its_formula_in_double_whatever_the_number_of_positions(string name, ILayerMap map, Func<Tensor, Tensor, Tensor> formula)
    {
        using var scope = NewDisposeScope();
        foreach (var shape in new long[][] { [3, 5, 7, 5], [1, 4, 2, 3], [2, 6, 3, 4, 5], [2, 3, 16], [2, 9, 4, 8] })
        {
            var (a, g) = (Drawn.Even(3, shape), Drawn.Normal(4, shape));
            var expected = formula(a.to_type(ScalarType.Float64), g.to_type(ScalarType.Float64)).to_type(ScalarType.Float32);
            var drawn = map.Map(a, g);
            Assert.True((long[])[shape[0], .. shape[2..]] is var wanted && drawn.shape.SequenceEqual(wanted), $"{name}: ({string.Join(", ", drawn.shape)})");
            Near.Equal(Floats(expected), drawn.flatten(1), 1e-5);
        }
    }

    [Fact]
    public void A_map_of_a_strided_pair_is_that_of_its_values()
    {
        using var scope = NewDisposeScope();
        var (a, g) = (Drawn.Even(5, 2, 5, 6, 3).transpose(1, 3), Drawn.Normal(6, 2, 5, 6, 3).transpose(1, 3));
        Near.Equal(Floats((g * a).sum(1)), new HiResCam(Sign.Signed).Map(a, g), 1e-5);
    }

    [Fact]
    public void Grad_cam_plus_plus_equals_a_replica_in_double()
    {
        using var scope = NewDisposeScope();
        var (activation, gradient) = (Drawn.Even(7, 2, 4, 5, 6), Drawn.Normal(8, 2, 4, 5, 6));
        var map = new GradCamPlusPlus(Sign.Signed).Map(activation, gradient);
        var (a, g) = (Doubles(activation), Doubles(gradient));
        var expected = new float[2 * 30];
        for (var n = 0; n < 2; n++)
            for (var k = 0; k < 4; k++)
            {
                var at = (n * 4 + k) * 30;
                var total = Enumerable.Range(0, 30).Sum(p => a[at + p]);
                var weight = Enumerable.Range(0, 30).Sum(p =>
                    g[at + p] * g[at + p] / (2 * g[at + p] * g[at + p] + total * Math.Pow(g[at + p], 3) + 1e-6) * Math.Max(0, g[at + p]));
                for (var p = 0; p < 30; p++) expected[n * 30 + p] += (float)(weight * a[at + p]);
            }
        Near.Equal(expected, map, 1e-4);
    }

    private static Tensor MapAt(string layer, ILayerMap map) => LayerMap(Toys.ConvNet(), Toys.ConvNetInput(), layer, map);

    private static Tensor LayerMap(ModelInspector.Models.IDifferentiableModel model, Tensor x, string layer, ILayerMap map)
    {
        var pair = LayerGradients.Of(model, x, [model.Graph.Find(layer)], new ClassTarget(0))[0];
        return map.Map(pair.Activation, pair.Gradient);
    }
}
