using ModelInspector.Attribution;
using ModelInspector.Attribution.Perturbation;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>Parts of a layer taken away: only the rest of the network is run.</summary>
public class LayerGameTests
{
    [Fact]
    public void At_a_layer_that_hands_the_input_on_shapley_values_are_those_of_the_input()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Mlp();
        var x = tensor(new float[] { 20, 50, 30 }).reshape(1, 3);
        Near.Equal([76.6667f, 196.6667f, 116.6667f], new Shapley("values").Attribute(model, x, model.Graph.Find("linear0"), new ClassTarget(0), Job.Quiet()), 1e-6);
    }

    [Theory, InlineData("quadrants"), InlineData("channels")]
    public void Shapley_values_of_a_layer_add_up_to_what_the_score_loses_without_it(string players)
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Residual();
        var x = Drawn.Normal(1, 3, 3, 12, 12);
        var layer = model.Graph.Layers.First(found => found.Op == "Add");
        var values = new Shapley(players).Attribute(model, x, layer, new ClassTarget(1), Job.Quiet());
        using var prefix = model.RunTo(layer.Name, x);
        var lost = model.Run(x).First.select(1, 1) - model.RunFrom(prefix, zeros_like(prefix.Value)).First.select(1, 1);
        Assert.Equal(prefix.Value.shape, values.shape);
        // Each part's value stands at every of its positions: one a channel, or one a quadrant in every channel.
        var parts = players == "channels" ? values.select(3, 0).select(2, 0) : values.select(1, 0).flatten(1);
        float[] sum = [.. Floats(parts).Chunk((int)parts.shape[1]).Select(sample => players == "channels" ? sample.Sum() : sample.Distinct().Sum())];
        Near.Equal(Floats(lost), tensor(sum), 1e-4);
    }

    [Fact]
    public void What_precedes_the_layer_is_run_once()
    {
        using var scope = NewDisposeScope();
        using var model = new Counted(Nets.Residual());
        var layer = model.Graph.Layers.First(found => found.Op == "Add");
        new Shapley().Attribute(model, Drawn.Normal(2, 2, 3, 12, 12), layer, new ClassTarget(0), Job.Quiet());
        Assert.Equal((0, 1, 2), (model.Runs, model.Prefixes, model.Suffixes));
        new FeatureAblation("channels").Attribute(model, Drawn.Normal(3, 2, 3, 12, 12), layer, new ClassTarget(0), Job.Quiet());
        Assert.Equal((0, 2, 4), (model.Runs, model.Prefixes, model.Suffixes));
    }

    [Fact]
    public void Tokens_of_a_transformer_keep_their_layers_shape()
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Tokens();
        var layer = model.Graph.Layers.First(found => found.Op == "Add");
        var x = Drawn.Normal(4, 2, 2, 12, 12);
        using var prefix = model.RunTo(layer.Name, x);
        var lost = new FeatureAblation("channels").Attribute(model, x, layer, new ClassTarget(0), Job.Quiet());
        Assert.Equal(prefix.Value.shape, lost.shape);
        var without = prefix.Value.clone();
        without.select(2, 1).zero_();
        var expected = model.Run(x).First.select(1, 0) - model.RunFrom(prefix, without).First.select(1, 0);
        Near.Equal(Floats(expected), lost.select(2, 1).select(1, 0), 1e-5);
    }
}
