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
        var x = Drawn.Normal(1, 2, 1, 8, 8);
        var layers = model.Graph.Layers.Take(10).ToList();
        ILayerMap[] maps = [new GradCam(), new Sam(), new LayerCam(), new HiResCam()];
        foreach (var pair in LayerGradients.Of(model, x, layers, new ClassTarget(0)))
            foreach (var map in maps) map.Map(pair.Activation, pair.Gradient);
        Assert.Equal(1, model.Runs);
        Assert.Equal(1, model.Backwards);
    }

    public static TheoryData<string> Networks => ["pooled", "residual", "volume", "tokens"];

    [Theory, MemberData(nameof(Networks))]
    public void The_gradients_of_the_input_and_of_every_layer_equal_finite_differences(string network)
    {
        using var scope = NewDisposeScope();
        using var model = network switch { "residual" => Nets.Residual(), "volume" => Nets.Pooled(axes: 3), "tokens" => Nets.Tokens(), _ => Toys.PooledHead() };
        var x = network switch { "residual" => Drawn.Normal(1, 2, 3, 12, 12), "volume" => Drawn.Normal(1, 2, 2, 6, 12, 12), "tokens" => Drawn.Normal(1, 2, 2, 12, 12), _ => Drawn.Normal(1, 2, 1, 6, 6) };
        var target = new ClassTarget(2, 1);
        Differs("the input", x, LayerGradients.OfInput(model, x, target), moved => target.Of(model.Run(moved).First));
        var pairs = LayerGradients.Of(model, x, model.Graph.Layers, target);
        Assert.True(pairs.Count > 4);
        // Where a ReLU gives several zeros, the maximum of them has no derivative.
        foreach (var pair in pairs.Where(pair => !model.Graph.Layers.Any(layer => layer.Op == "MaxPool" && layer.Inputs.Contains(pair.Layer.Name))))
        {
            using var prefix = model.RunTo(pair.Layer.Name, x);
            Differs(pair.Layer.Name, prefix.Value, pair.Gradient, moved => target.Of(model.RunFrom(prefix, moved).First));
        }
    }

    // Along a random direction v, (s(x + hv) − s(x − hv)) / 2h = g · v, but for the ReLUs that h turns on or off; a wrong gradient is off by about its own length.
    private static void Differs(string where, Tensor x, Tensor gradient, Func<Tensor, Tensor> score)
    {
        using var quiet = no_grad();
        const double h = 1e-3;
        for (var seed = 0UL; seed < 3; seed++)
        {
            var way = Drawn.Normal(50 + seed, x.shape);
            var (found, expected) = ((score(x + way * h) - score(x - way * h)) / (2 * h), (gradient * way).flatten(1).sum(1));
            var length = gradient.flatten(1).square().sum(1).sqrt();
            Assert.True((found - expected).abs().lt(0.1 * length).all().item<bool>(), $"{where}: {string.Join(", ", Floats(found))} instead of {string.Join(", ", Floats(expected))}");
            Assert.True(length.min().item<float>() > 0.01);
        }
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
        var x = Drawn.Normal(3, 2, 1, 8, 8);
        using var ended = Toys.Chain(("body", y => plain.Run(y).First), ("Softmax", y => y.softmax(1)), ("Flatten", y => y.flatten(1)));
        Assert.True(Scores.Of(ended, x).allclose(plain.Run(x).First));
    }

    [Fact]
    public void A_target_that_is_no_class_is_refused_with_the_classes_there_are()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var error = Assert.Throws<InputException>(() => LayerGradients.OfInput(model, Drawn.Normal(4, 1, 1, 8, 8), new ClassTarget(3)));
        Assert.Contains("0 to 2", error.Message);
    }

    [Fact]
    public void As_many_targets_as_samples_or_one_are_needed()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        Assert.Throws<InputException>(() => LayerGradients.OfInput(model, Drawn.Normal(5, 3, 1, 8, 8), new ClassTarget(0, 1)));
    }

    [Fact]
    public void The_gradient_mode_of_the_caller_does_not_matter_and_is_given_back()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        using var none = no_grad();
        Assert.True(LayerGradients.OfInput(model, Drawn.Normal(6, 1, 1, 8, 8), new ClassTarget(0)).abs().sum().item<float>() > 0);
        Assert.False(is_grad_enabled());
    }
}
