using ModelInspector.Attribution;
using ModelInspector.Attribution.Inputs;
using ModelInspector.Models;
using ModelInspector.Numerics;
using ModelInspector.Torch.Tests.TorchScript;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>What can be explained: classes, probabilities, margins, any number of an output, a region of a segmentation, a unit.</summary>
public class TargetTests
{
    private static Tensor Scores() => tensor(new float[] { 1, 3, 2, 5, 0, 4 }).reshape(2, 3);

    [Fact]
    public void The_probability_of_a_single_score_is_refused_because_it_is_always_one() =>
        Assert.Contains("1 whatever the input", Assert.Throws<InputException>(() => new ProbabilityTarget(new ClassTarget(0)).Of(ones(2, 1))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_probability_is_the_classes_share_of_the_softmax()
    {
        using var scope = NewDisposeScope();
        Near.Equal([(float)(Math.Exp(2) / (Math.Exp(1) + Math.Exp(3) + Math.Exp(2))), (float)(Math.Exp(4) / (Math.Exp(5) + 1 + Math.Exp(4)))],
            new ProbabilityTarget(new ClassTarget(2)).Of(Scores()), 1e-6);
    }

    [Fact]
    public void A_margin_is_the_lead_over_the_best_other_class_or_over_a_given_one()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([1f, 1], Floats(new MarginTarget(new PredictedClass()).Of(Scores())));
        Assert.Equal([-2f, 1], Floats(new MarginTarget(new ClassTarget(0)).Of(Scores())));
        Assert.Equal([-1f, 1], Floats(new MarginTarget(new ClassTarget(0), new ClassTarget(2)).Of(Scores())));
    }

    [Fact]
    public void A_target_that_asks_the_network_is_fixed_by_its_answer()
    {
        using var scope = NewDisposeScope();
        var changed = -Scores();
        Assert.Equal([-1f, -1], Floats(new MarginTarget(new PredictedClass()).FixedBy(Scores()).Of(changed)));
        Assert.Equal(new[] { -3f, -5 }, Floats(new PredictedClass().FixedBy(Scores()).Of(changed)));
        Near.Equal(Floats(new ProbabilityTarget(new ClassTarget(1, 0)).Of(changed)), new ProbabilityTarget(new PredictedClass()).FixedBy(Scores()).Of(changed), 1e-6);
    }

    [Fact]
    public void A_target_of_repeated_samples_is_repeated_with_them()
    {
        using var scope = NewDisposeScope();
        Target[] targets = [new ClassTarget(1, 2), new ProbabilityTarget(new ClassTarget(1, 2)), new MarginTarget(new ClassTarget(1, 2)), new MarginTarget(new ClassTarget(1, 2), new ClassTarget(0, 1))];
        foreach (var target in targets)
            Assert.Equal(Floats(target.Of(Scores()).repeat_interleave(3)), Floats(target.Repeated(3).Of(Scores().repeat_interleave(3, 0))));
        var region = new SegmentationTarget(0, new NdArray([2, 2], [1, 0, 0, 1]));
        var maps = arange(8, float32).reshape(2, 2, 2);
        Assert.Equal([0f, 0, 5, 5], Floats(region.Repeated(2).Of(maps.repeat_interleave(2, 0))));
    }

    [Fact]
    public void A_segmentations_score_is_averaged_over_a_region_or_where_the_class_is_predicted()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new float[] { 1, 2, 3, 4, 4, 3, 2, 1 }).reshape(1, 2, 2, 2);
        Assert.Equal(3.5f, new SegmentationTarget(0).Of(scores).item<float>());
        Assert.Equal(1.5f, new SegmentationTarget(0, new NdArray([1, 2, 2], [1, 1, 0, 0])).Of(scores).item<float>());
        Assert.Equal(-3.5f, new SegmentationTarget(0).FixedBy(scores).Of(-scores).item<float>());
        Assert.Contains("(1, 2, 2)", Assert.Throws<InputException>(() => new SegmentationTarget(0, new NdArray(1, 3, 3)).Of(scores)).Message);
    }

    [Theory]
    [InlineData("linear1", 0, new float[] { 1, 1, 1 })]
    [InlineData("linear2", 0, new float[] { 4, 4, 4 })]
    public void The_gradient_of_a_unit_equals_the_hand_computed_values(string layer, long unit, float[] expected)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Mlp();
        Near.Equal(expected, new Gradient().Attribute(model, tensor(new float[] { 0, 100, 0 }).reshape(1, 3), new UnitTarget(layer, unit), Job.Quiet()), 1e-6);
    }

    [Fact]
    public void A_unit_at_a_position_looks_at_its_window_only_and_without_one_the_channels_mean_is_explained()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.ConvNet();
        var at = new Gradient().Attribute(model, Toys.ConvNetInput(), new UnitTarget("conv1", 1, 0, 1), Job.Quiet());
        Assert.Equal([0f, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 0], Floats(at));
        var mean = new Gradient().Attribute(model, Toys.ConvNetInput(), new UnitTarget("conv1", 1), Job.Quiet());
        Assert.Equal([0.25f, 0.5f, 0.5f, 0.25f, 0.5f, 1, 1, 0.5f, 0.5f, 1, 1, 0.5f, 0.25f, 0.5f, 0.5f, 0.25f], Floats(mean));
    }

    [Fact]
    public void A_unit_that_does_not_exist_or_does_not_lie_behind_the_layer_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.ConvNet();
        var x = Toys.ConvNetInput();
        Assert.Contains("(1, 2, 2, 2)", Assert.Throws<InputException>(() => new Gradient().Attribute(model, x, new UnitTarget("conv1", 2, 0, 0), Job.Quiet())).Message);
        Assert.Contains("Near", Assert.Throws<InputException>(() => new Gradient().Attribute(model, x, new UnitTarget("conv9", 0), Job.Quiet())).Message);
        Assert.Contains("earlier", Assert.Throws<InputException>(
            () => new IntegratedGradients().Attribute(model, x, model.Graph.Find("fc1"), new UnitTarget("conv1", 0), Job.Quiet())).Message);
    }

    [Fact]
    public void Integrated_gradients_of_a_unit_add_up_to_the_units_change()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Mlp();
        var x = tensor(new float[] { 1, 20, 3 }).reshape(1, 3);
        Near.Equal([1, 20, 3], new IntegratedGradients(4, Quadrature.GaussLegendre).Attribute(model, x, new UnitTarget("linear1", 2), Job.Quiet()), 1e-6);
    }

    [Fact]
    public void Any_number_of_a_named_output_can_be_explained()
    {
        using var scope = NewDisposeScope();
        using var net = new ScriptSource("Net").Define("def forward(self, x: Tensor) -> Tuple[Tensor, Tensor]:\n  return (torch.softmax(x * 2, 1), x * 3 + 1)\n");
        using var model = net.Open(1, 2);
        var x = tensor(new float[] { 1, 5 }).reshape(1, 2);
        Assert.Equal([0f, 3], Floats(new Gradient().Attribute(model, x, new OutputTarget("output_1", 1), Job.Quiet())));
        Assert.Contains("output_1", Assert.Throws<InputException>(() => new Gradient().Attribute(model, x, new OutputTarget("boxes", 1), Job.Quiet())).Message);
        Assert.Contains("(1, 2)", Assert.Throws<InputException>(() => new Gradient().Attribute(model, x, new OutputTarget("output_1"), Job.Quiet())).Message);
    }

    [Fact]
    public void A_regressions_only_value_needs_no_index()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("f", x => x.square().sum(1)));
        Assert.Equal([2f, 4, 6], Floats(new Gradient().Attribute(model, tensor(new float[] { 1, 2, 3 }).reshape(1, 3), new OutputTarget(""), Job.Quiet())));
    }
}
