using ModelInspector.Attribution;
using ModelInspector.Attribution.Maps;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

public class LayerGradientsTests
{
    [Fact]
    public void Ten_layers_and_four_maps_cost_one_forward_and_one_backward()
    {
        using var scope = NewDisposeScope();
        using var model = new Counted(Toys.PooledHead(depth: 5));
        var x = randn(2, 1, 8, 8);
        var layers = model.Graph.Layers.Take(10).ToList();
        ILayerMap[] maps = [new GradCam(), new Sam(), new LayerCam(), new HiResCam()];
        foreach (var pair in LayerGradients.Of(model, x, layers, new ClassTarget(0)))
            foreach (var map in maps) map.Map(pair.Activation, pair.Gradient);
        Assert.Equal(1, model.Runs);
        Assert.Equal(1, model.Backwards);
    }

    [Fact]
    public void Gradients_equal_finite_differences()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = randn(1, 1, 6, 6);
        var pair = LayerGradients.Of(model, x, [model.Graph.Find("conv1")], new ClassTarget(2))[0];
        using var prefix = model.RunTo("conv1", x);
        var step = zeros_like(prefix.Value);
        step[0, 3, 2, 4] = 1e-2f;
        using var up = model.RunFrom(prefix, prefix.Value + step);
        using var down = model.RunFrom(prefix, prefix.Value - step);
        var difference = (up.First[0, 2] - down.First[0, 2]).item<float>() / 2e-2;
        Assert.Equal(difference, pair.Gradient[0, 3, 2, 4].item<float>(), 1e-3);
    }

    [Fact]
    public void A_layer_that_the_score_does_not_depend_on_has_gradient_zero()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("dead", x => x * 0), ("cut", x => x.detach() + 1), ("out", x => x.flatten(1)));
        var pair = LayerGradients.Of(model, ones(1, 1, 2, 2), [model.Graph.Find("dead")], new ClassTarget(0))[0];
        Assert.Equal(0, pair.Gradient.abs().sum().item<float>());
    }

    [Fact]
    public void The_score_of_a_network_that_ends_in_softmax_is_taken_before_it()
    {
        using var scope = NewDisposeScope();
        using var plain = Toys.PooledHead();
        var x = randn(2, 1, 8, 8);
        using var ended = Toys.Chain(("body", y => plain.Run(y).First), ("Softmax", y => y.softmax(1)), ("Flatten", y => y.flatten(1)));
        Assert.True(Scores.Of(ended, x).allclose(plain.Run(x).First));
    }

    [Fact]
    public void A_target_that_is_no_class_is_refused_with_the_classes_there_are()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var error = Assert.Throws<InputException>(() => LayerGradients.OfInput(model, randn(1, 1, 8, 8), new ClassTarget(3)));
        Assert.Contains("0 to 2", error.Message);
    }

    [Fact]
    public void As_many_targets_as_samples_or_one_are_needed()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        Assert.Throws<InputException>(() => LayerGradients.OfInput(model, randn(3, 1, 8, 8), new ClassTarget(0, 1)));
    }

    [Fact]
    public void The_gradient_mode_of_the_caller_does_not_matter_and_is_given_back()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        using var none = no_grad();
        Assert.True(LayerGradients.OfInput(model, randn(1, 1, 8, 8), new ClassTarget(0)).abs().sum().item<float>() > 0);
        Assert.False(is_grad_enabled());
    }
}
