using System.Collections.Immutable;
using ModelInspector.Attribution;
using ModelInspector.Attribution.Planning;
using ModelInspector.Evaluation;
using ModelInspector.Findings;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Evaluation;

public sealed class ParameterRandomisationTests
{
    [Fact]
    public void A_reweighted_copy_runs_with_other_weights_and_the_network_stays_as_it_was()
    {
        using var scope = NewDisposeScope();
        using var model = (IReweightableModel)SmallNet.Open();
        var x = Input();
        var before = Run(model, x);
        const float Bias = 0.5f;
        using (var copy = model.Reweighted((layer, weight) => layer.Op == "Gemm" && weight.Dimensions == 2 ? weight * 2 : null))
        {
            var doubled = Run(copy, x);
            Assert.All(before.Zip(doubled), pair => Assert.Equal(2 * (pair.First - Bias), pair.Second - Bias, 1e-4f));
        }
        Assert.Equal(before, Run(model, x));
    }

    [Fact]
    public void A_copy_of_a_copy_keeps_what_was_replaced_before()
    {
        using var scope = NewDisposeScope();
        using var model = (IReweightableModel)SmallNet.Open();
        using var one = model.Reweighted((layer, weight) => layer.Op == "Conv" ? weight * 0 : null);
        using var two = one.Reweighted((layer, weight) => layer.Op == "Gemm" && weight.Dimensions == 1 ? weight + 1 : null);
        Assert.All(Run(two, Input()), value => Assert.Equal(1.5f, value, 1e-6f)); // nothing comes through but the bias of 0.5
    }

    [Fact]
    public void A_weight_of_another_shape_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = (IReweightableModel)SmallNet.Open();
        Assert.Throws<ArgumentException>(() => model.Reweighted((_, weight) => weight.flatten().narrow(0, 0, 1)));
    }

    [Theory]
    [InlineData(Replacement.Permute)]
    [InlineData(Replacement.Redraw)]
    public void Maps_of_a_layer_below_the_cascade_change_by_their_gradient_only_and_the_plain_activation_not_at_all(Replacement how)
    {
        using var scope = NewDisposeScope();
        using var model = SmallNet.Open();
        var plan = new MapPlan([model.Graph.Find("conv0"), model.Graph.Find("relu0")], [Planned("activation", new Activation()), Planned("grad-cam", new ModelInspector.Attribution.Maps.GradCam(ModelInspector.Attribution.Maps.Sign.Signed))]);
        var finding = new ParameterRandomisation(10, how).Run((IDifferentiableModel)model, Input(), plan, new PredictedClass(), [], Job.Quiet(3));
        Assert.Equal(["fc", "conv1", "conv0"], finding.Stages.AsEnumerable());
        // The activation of conv0 knows nothing of the weights behind it.
        Assert.Equal(1, Value(finding, "conv1", "conv0", "activation"), 1e-9);
        Assert.True(Value(finding, "conv0", "conv0", "activation") < 0.99);
        Assert.True(Value(finding, "conv0", "conv0", "grad-cam") < 0.9);
    }

    [Fact]
    public void The_same_seed_gives_the_same_numbers_and_nothing_is_left_alive()
    {
        using var model = SmallNet.Open();
        double[] Numbers(ulong seed) => [.. new ParameterRandomisation().Run((IDifferentiableModel)model, Input(), Plan(model), new PredictedClass(), [], Job.Quiet(seed)).Rows.Select(row => row.Value.Estimate)];
        double[] first = [];
        Leaks.None(() => first = Numbers(1));
        Assert.Equal(first, Numbers(1));
        Assert.NotEqual(first, Numbers(2));
    }

    [Fact]
    public void A_random_permutation_keeps_every_value()
    {
        using var scope = NewDisposeScope();
        using var model = (IReweightableModel)SmallNet.Open();
        var seen = new List<float[]>();
        using var copy = RandomWeights.Of(model, model.Graph.Layers.Select(layer => layer.Name).ToHashSet(), Replacement.Permute, 5);
        _ = model.Reweighted((_, weight) => { seen.Add(Sorted(weight)); return null; });
        _ = copy.Reweighted((_, weight) => { seen.Add(Sorted(weight)); return null; });
        Assert.Equal(12, seen.Count);
        for (var i = 0; i < 6; i++) Assert.Equal(seen[i], seen[i + 6]);
    }

    [Fact]
    public void A_network_without_stored_weights_says_so()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("conv0", x => nn.functional.conv2d(x, full([2, 1, 3, 3], 0.5f))), ("relu0", x => x.relu()), ("mean", x => x.mean([2, 3])));
        var refused = Assert.Throws<InputException>(() => new ParameterRandomisation().Run(model, Drawn.Normal(1, 2, 1, 8, 8), Plan(model), new PredictedClass(), [], Job.Quiet()));
        Assert.Contains("no weights", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_that_ignores_the_class_is_the_same_for_another_class_and_the_gradient_is_not()
    {
        using var scope = NewDisposeScope();
        using var model = SmallNet.Open();
        var plan = new MapPlan([model.Graph.Find("relu0")], [Planned("activation", new Activation()), Planned("grad-cam", new ModelInspector.Attribution.Maps.GradCam(ModelInspector.Attribution.Maps.Sign.Signed))]);
        var finding = (MapSimilarity)new RandomLogit().Check((IDifferentiableModel)model, Input(), plan, new PredictedClass(), [], Job.Quiet(3));
        Assert.Equal(1, finding.Rows.Single(row => row is { Method: "activation", Metric: "rank-correlation" }).Value.Estimate, 1e-9);
        Assert.True(finding.Rows.Single(row => row is { Method: "grad-cam", Metric: "rank-correlation" }).Value.Estimate < 0.95);
        Assert.Contains(finding.Sentences, sentence => sentence.Contains("activation", StringComparison.Ordinal));
    }

    [Fact]
    public void A_plan_draws_every_kind_of_method_and_refuses_unknown_ones()
    {
        using var scope = NewDisposeScope();
        using var model = SmallNet.Open();
        var plan = MapPlan.Of([model.Graph.Find("relu0")], ["sam", "grad-cam:variant=signed", "saliency"]);
        Assert.Equal(["input", "relu0"], plan.Places.AsEnumerable());
        var maps = DrawnMaps.Of((IDifferentiableModel)model, Input(), plan, new PredictedClass(), Job.Quiet());
        Assert.Equal([("relu0", "sam"), ("relu0", "grad-cam:variant=signed"), ("input", "saliency")], maps.Select(map => (map.Layer, map.Method)));
        Assert.All(maps, map => Assert.Equal([4, 8, 8], map.Maps.Shape.AsEnumerable()));
        Assert.Contains("grad-cam", Assert.Throws<InputException>(() => MapPlan.Of([], ["gradcam"])).Message, StringComparison.Ordinal);
        Assert.Contains("name=value", Assert.Throws<InputException>(() => MapPlan.Of([], ["sam:signed"])).Message, StringComparison.Ordinal);
    }

    /// <summary>What a layer gives, whatever the score: a map that no weight behind it changes.</summary>
    private sealed record Activation : ILayerMap
    {
        public Tensor Map(Tensor activation, Tensor gradient) => activation.sum(1);
    }

    private static MapPlan Plan(IModel model) => MapPlan.Of([.. model.Graph.Layers.Where(layer => layer.Op is "relu" or "Relu")], ["sam", "grad-cam", "saliency"]);

    private static PlannedMethod Planned(string name, ILayerMap map) => new(name, map);

    private static double Value(ParameterRandomisationByLayer finding, string stage, string layer, string method) =>
        finding.Rows.Single(row => row.Stage == stage && row.Layer == layer && row.Method == method && row.Metric == "rank-correlation").Value.Estimate;

    private static float[] Run(IModel model, Tensor x) => Capture.Batches.ToArray(model.Run(x).First).Values;

    private static float[] Sorted(Tensor weight) => [.. Capture.Batches.ToArray(weight).Values.Order()];

    private static Tensor Input() => Drawn.Normal(2, 4, 1, 8, 8);
}
