using ModelInspector.Attribution;
using ModelInspector.Attribution.Maps;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>CAM and FullGrad: what their maps add up to, and where CAM is refused.</summary>
public class PooledHeadTests
{
    [Theory, InlineData(2), InlineData(3)]
    public void The_mean_of_a_signed_cam_is_the_score_without_its_constant(int axes)
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Pooled(axes);
        var x = Input(axes);
        var cam = new Cam(Sign.Signed).Attribute(model, x, Features(model), new ClassTarget(1), Job.Quiet());
        using var prefix = model.RunTo(Features(model).Name, x);
        using var constant = model.RunFrom(prefix, zeros_like(prefix.Value));
        using var whole = model.Run(x);
        Assert.True(cam.flatten(1).mean([1]).allclose(whole.First.select(1, 1) - constant.First.select(1, 1), 1e-4, 1e-5));
    }

    [Theory, InlineData(2), InlineData(3)]
    public void Cam_is_grad_cam_times_the_number_of_positions(int axes)
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Pooled(axes);
        var x = Input(axes);
        var pair = LayerGradients.Of(model, x, [Features(model)], new ClassTarget(0))[0];
        var positions = pair.Activation[0, 0].numel();
        var cam = new Cam().Attribute(model, x, pair.Layer, new ClassTarget(0), Job.Quiet());
        Assert.True(cam.allclose(new GradCam().Map(pair.Activation, pair.Gradient) * positions, 1e-4, 1e-6));
    }

    [Fact]
    public void Cam_at_another_layer_names_the_one_that_is_pooled()
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Pooled();
        var error = Assert.Throws<InputException>(() => new Cam().Attribute(model, Input(2), model.Graph.Layers[0], new ClassTarget(0), Job.Quiet()));
        Assert.Contains($"`{Features(model).Name}`", error.Message);
    }

    [Fact]
    public void Cam_of_a_network_without_global_average_pooling_says_what_is_in_the_way()
    {
        using var scope = NewDisposeScope();
        using var flat = Toys.ConvNet();
        Assert.Contains("relu2", Refusal(flat, Toys.ConvNetInput()));
        using var hidden = Nets.Pooled(hidden: true);
        Assert.Contains("(Relu) lies between", Refusal(hidden, Input(2)));
        using var largest = Nets.Pooled(pool: "GlobalMaxPool");
        Assert.Contains("GlobalMaxPool", Refusal(largest, Input(2)));
    }

    [Theory, InlineData(2), InlineData(3)]
    public void A_signed_full_grad_and_the_constants_of_the_head_sum_to_the_score(int axes)
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Pooled(axes);
        var x = Input(axes);
        var map = new FullGrad(FullGradVariant.Signed).Attribute(model, x, new ClassTarget(1), Job.Quiet());
        using var prefix = model.RunTo(PoolOf(model).Name, x);
        using var constant = model.RunFrom(prefix, zeros_like(prefix.Value));
        using var whole = model.Run(x);
        Assert.Equal(x.shape, map.shape);
        Assert.True(map.flatten(1).sum(1).allclose(whole.First.select(1, 1) - constant.First.select(1, 1), 1e-4, 1e-4));
    }

    [Fact]
    public void The_published_full_grad_is_the_sum_of_layers_brought_to_one()
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Pooled();
        var x = Input(2);
        var map = new FullGrad().Attribute(model, x, new ClassTarget(1), Job.Quiet()).sum(1);
        var convolutions = model.Graph.Layers.Where(layer => layer.Op == "Conv").ToList();
        var gradients = LayerGradients.Of(model, x, convolutions, new ClassTarget(1));
        var expected = Brought((x * LayerGradients.OfInput(model, x, new ClassTarget(1))).abs()).sum(1);
        foreach (var (pair, constant) in gradients.Zip(Constants(model, x)))
            expected += Resize.To(Brought((pair.Gradient * constant).abs()).sum(1), [12, 12]);
        Assert.True(map.allclose(expected, 1e-4, 1e-5));
    }

    // A convolution's constant is what it gives for zeros, at a position that no border touches.
    private static List<Tensor> Constants(GraphModel model, Tensor x)
    {
        var constants = new List<Tensor>();
        model.Run(x, (layer, inputs, _) =>
        {
            if (layer.Op == "Conv") constants.Add(inputs[2].reshape(1, -1, 1, 1).clone());
            return null;
        });
        return constants;
    }

    private static Tensor Brought(Tensor values)
    {
        var flat = values.flatten(1);
        var (low, high) = (flat.amin([1]).reshape(-1, 1, 1, 1), flat.amax([1]).reshape(-1, 1, 1, 1));
        return (values - low) / (high - low);
    }

    private static string Refusal(GraphModel model, Tensor x) => Assert.Throws<InputException>(() =>
        new Cam().Attribute(model, x, model.Graph.Layers[0], new ClassTarget(0), Job.Quiet())).Message;

    private static Layer Features(GraphModel model) => model.Graph.Layers.Last(layer => layer.Op == "Relu");

    private static Layer PoolOf(GraphModel model) => model.Graph.Layers.Single(layer => layer.Op == "GlobalAveragePool");

    private static Tensor Input(int axes) => axes == 2 ? Drawn.Normal(1, 2, 2, 12, 12) : Drawn.Normal(2, [2, 2, 6, 12, 12]);
}
