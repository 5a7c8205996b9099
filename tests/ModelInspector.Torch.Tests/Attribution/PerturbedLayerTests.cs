using ModelInspector.Attribution;
using ModelInspector.Attribution.Maps;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>Maps of a layer that run the network: what they compute, how often they run it, and what they refuse.</summary>
public class PerturbedLayerTests
{
    [Fact]
    public void Ablation_cam_equals_one_run_for_each_channel()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Drawn.Normal(1, 3, 1, 8, 8);
        var map = new AblationCam(Sign.Signed).Attribute(model, x, model.Graph.Find("relu0"), new ClassTarget(2, 0, 1), Job.Quiet());
        using var prefix = model.RunTo("relu0", x);
        var expected = zeros_like(map);
        var whole = Chosen(model.Run(x).First);
        for (var channel = 0; channel < 6; channel++)
        {
            var value = prefix.Value.clone();
            value.select(1, channel).zero_();
            var weight = (whole - Chosen(model.RunFrom(prefix, value).First)) / whole;
            expected += weight.reshape(3, 1, 1) * prefix.Value.select(1, channel);
        }
        Assert.True(map.allclose(expected, 1e-5, 1e-6));
    }

    [Fact]
    public void Score_cam_equals_one_run_for_each_channel()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Drawn.Normal(2, 3, 1, 8, 8);
        var map = new ScoreCam(Sign.Signed).Attribute(model, x, model.Graph.Find("relu0"), new ClassTarget(2, 0, 1), Job.Quiet());
        using var prefix = model.RunTo("relu0", x);
        var scores = Enumerable.Range(0, 6).Select(channel =>
        {
            var mask = prefix.Value.narrow(1, channel, 1);                                          // of the input's size already
            var (low, high) = (mask.amin([2, 3], keepdim: true), mask.amax([2, 3], keepdim: true));
            return Chosen(model.Run(x * (mask - low) / (high - low)).First);
        });
        var weights = stack(scores, 1).softmax(1);
        Assert.True(map.allclose((weights.reshape(3, 6, 1, 1) * prefix.Value).sum(1), 1e-5, 1e-6));
    }

    [Fact]
    public void Score_cam_may_mask_the_layer_itself_and_then_runs_only_what_follows()
    {
        using var scope = NewDisposeScope();
        using var model = new Counted(Toys.PooledHead());
        var x = Drawn.Normal(3, 2, 1, 8, 8);
        var map = new ScoreCam(Masks: MaskedAt.Layer).Attribute(model, x, model.Graph.Find("relu1"), new ClassTarget(0), Job.Quiet());
        Assert.Equal([2L, 8, 8], map.shape);
        Assert.Equal((0, 1), (model.Runs, model.Prefixes));
    }

    [Fact]
    public void Ablation_cam_runs_the_part_before_the_layer_once()
    {
        using var scope = NewDisposeScope();
        using var model = new Counted(Toys.PooledHead());
        new AblationCam().Attribute(model, Drawn.Normal(4, 2, 1, 8, 8), model.Graph.Find("relu1"), new PredictedClass(), Job.Quiet());
        Assert.Equal((0, 1, 2), (model.Runs, model.Prefixes, model.Suffixes));      // the scores as they are, and six channels in one run
    }

    [Fact]
    public void A_network_that_cannot_be_cut_gives_the_same_map()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var (x, layer) = (Drawn.Normal(5, 2, 1, 8, 8), model.Graph.Find("relu0"));
        var cut = new AblationCam().Attribute(model, x, layer, new ClassTarget(1), Job.Quiet());
        Assert.True(new AblationCam().Attribute(new Whole(model), x, layer, new ClassTarget(1), Job.Quiet()).allclose(cut, 1e-5, 1e-6));
    }

    [Fact]
    public void Far_below_is_zero_where_the_layer_has_no_negative_values()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var (x, layer) = (Drawn.Normal(6, 2, 1, 8, 8), model.Graph.Find("relu0"));
        var zero = new AblationCam().Attribute(model, x, layer, new ClassTarget(1), Job.Quiet());
        Assert.True(new AblationCam(Ablated: AblatedTo.FarBelow).Attribute(model, x, layer, new ClassTarget(1), Job.Quiet()).allclose(zero));
    }

    [Fact]
    public void A_score_of_zero_is_no_divisor()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.ConvNet();
        var error = Assert.Throws<InputException>(() => new AblationCam().Attribute(model, zeros(1, 1, 4, 4), model.Graph.Find("relu1"), new ClassTarget(0), Job.Quiet()));
        Assert.Contains("exactly 0", error.Message);
    }

    [Fact]
    public void A_layer_behind_the_scores_is_refused()
    {
        using var scope = NewDisposeScope();
        using var plain = Toys.PooledHead();
        using var model = Toys.Chain(("body", y => plain.Run(y).First), ("Softmax", y => y.softmax(1)), ("Flatten", y => y.flatten(1)));
        Assert.Throws<InputException>(() => new AblationCam().Attribute(model, Drawn.Normal(7, 1, 1, 8, 8), model.Graph.Find("Flatten"), new ClassTarget(0), Job.Quiet()));
    }

    private static Tensor Chosen(Tensor scores) => scores.gather(1, tensor(new long[] { 2, 0, 1 }).unsqueeze(1)).squeeze(1);

    private sealed class Whole(IDifferentiableModel inner) : IDifferentiableModel
    {
        public ModelGraph Graph => inner.Graph;

        public Outputs Run(Inputs inputs, Tap? tap = null) => inner.Run(inputs, tap);

        public void Dispose()
        {
        }
    }
}
