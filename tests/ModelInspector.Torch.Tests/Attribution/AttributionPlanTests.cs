using System.Collections.Immutable;
using ModelInspector.Attribution;
using ModelInspector.Attribution.Inputs;
using ModelInspector.Attribution.Maps;
using ModelInspector.Attribution.Perturbation;
using ModelInspector.Attribution.Planning;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>A plan makes what its methods make one by one, in fewer passes.</summary>
public class AttributionPlanTests
{
    private static readonly ImmutableArray<PlannedMethod> Formulas =
        [new("grad-cam", new GradCam()), new("sam", new Sam()), new("eigen-cam", new EigenCam()), new("saliency", new Saliency()), new("gradient", new Gradient())];

    [Fact]
    public void Every_formula_at_every_layer_for_ten_targets_costs_one_forward_and_ten_backwards()
    {
        using var scope = NewDisposeScope();
        using var model = new Counted(Toys.PooledHead(depth: 5, classes: 10));
        ImmutableArray<Target> targets = [.. Enumerable.Range(0, 10).Select(i => new ClassTarget(i))];
        var maps = 0;
        new AttributionPlan(Formulas, [.. model.Graph.Layers.Take(8)], targets).Run(model, Drawn.Normal(1, 2, 1, 8, 8), Job.Quiet(), _ => maps++);
        Assert.Equal((10 * ((8 * 3) + 2), 1, 10), (maps, model.Runs, model.Backwards));
    }

    [Fact]
    public void A_plan_gives_what_each_method_gives_alone()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Drawn.Normal(2, 3, 1, 8, 8);
        ImmutableArray<Target> targets = [new ClassTarget(2), new PredictedClass(), new ClassTarget(0, 1, 2)];
        ImmutableArray<Layer> layers = [model.Graph.Find("relu0"), model.Graph.Find("relu1")];
        var plan = new AttributionPlan([.. Formulas, new("ablation-cam", new AblationCam()), new("occlusion", new Occlusion(2, 2))], layers, targets);
        var made = 0;
        plan.Run(model, x, Job.Quiet(), map =>
        {
            Assert.True(map.Values.allclose(Alone(plan, map, model, x), 1e-5, 1e-6), $"{plan.Methods[map.Method].Name} at {map.Layer?.Name}");
            made++;
        });
        Assert.Equal(3 * ((4 * 2) + 3), made);
    }

    [Fact]
    public void Without_a_map_of_the_input_nothing_is_differentiated_before_the_first_layer()
    {
        using var scope = NewDisposeScope();
        var reached = false;
        using var model = Toys.Chain(("first", x => { reached |= x.requires_grad; return x * 2; }), ("second", x => x.flatten(1)));
        var plan = new AttributionPlan([new("sam", new Sam(SamVariant.Signed))], [model.Graph.Find("first")], [new ClassTarget(0)]);
        plan.Run(model, ones(1, 2, 1, 1), Job.Quiet(), map => Near.Equal([2], map.Values, 1e-6));
        Assert.False(reached);
    }

    [Fact]
    public void Targets_that_read_different_places_cost_a_forward_a_place()
    {
        using var scope = NewDisposeScope();
        using var model = new Counted(Toys.PooledHead());
        ImmutableArray<Target> targets = [new ClassTarget(0), new UnitTarget("relu1", 2, 3, 3), new ClassTarget(1)];
        var seen = new List<int>();
        new AttributionPlan([new("sam", new Sam())], [model.Graph.Find("relu0")], targets).Run(model, Drawn.Normal(3, 1, 1, 8, 8), Job.Quiet(), map => seen.Add(map.Target));
        Assert.Equal(2, model.Runs);
        Assert.Equal([0, 1, 2], seen.Order());
    }

    [Fact]
    public void Nothing_is_left_alive_after_a_plan()
    {
        using var model = Toys.PooledHead();
        var plan = new AttributionPlan([.. Formulas, new("ablation-cam", new AblationCam())], [model.Graph.Find("relu0")], [new ClassTarget(0), new ClassTarget(1)]);
        Leaks.None(() => plan.Run(model, Drawn.Normal(4, 2, 1, 8, 8), Job.Quiet(), _ => { }));
    }

    [SkippableTheory, InlineData("onnx"), InlineData("pt")]
    public void Maps_of_tokens_lie_on_the_patch_grid(string format)
    {
        var reference = new ConformanceCase("vit");
        using var scope = NewDisposeScope();
        using var model = (IDifferentiableModel)reference.Open(format);
        var target = new ClassTarget([.. reference.Targets]);
        var (norm, block) = (model.Graph.Find("blocks.0.n1"), model.Graph.Find("blocks.0"));
        ImmutableArray<PlannedMethod> methods = [new("sam", new Sam(SamVariant.Signed)), new("grad-cam", new GradCam(Sign.Signed)), new("raw", new GradientTimesActivation())];
        var maps = new Dictionary<(int Method, Layer Layer), Tensor>();
        new AttributionPlan(methods, [norm, block], [target]).Run(model, reference.InputTensor(), Job.Quiet(), map => maps[(map.Method, map.Layer!)] = map.Values.clone().MoveToOtherDisposeScope(scope));
        Assert.Equal([2L, 4, 4], maps[(1, block)].shape);
        Near.Equal(reference.Expected("layer.gradient_times_activation@blocks.0"), Capture.Batches.ToArray(maps[(2, block)]), 1e-4, "gradient times activation");
        var patches = maps[(2, norm)].narrow(1, 1, 16);
        var difference = (patches.sum([2]).reshape(2, 4, 4) - maps[(0, norm)]).abs().max().item<float>();
        Assert.InRange(difference, 0, 1e-6 * patches.abs().sum([2]).max().item<float>());
        // The layer norm behind the block is blind to a token's length, so that a token's products cancel: what is left is no map.
        Assert.All(Capture.Batches.ToArray(maps[(0, block)]).Values, value => Assert.Equal(0, value));
        Assert.Contains(Capture.Batches.ToArray(maps[(1, block)]).Values, value => value != 0);
    }

    [SkippableFact]
    public void Ablation_cam_of_tokens_takes_away_one_value_of_every_token()
    {
        var reference = new ConformanceCase("vit");
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var model = (GraphModel)reference.Open("onnx");
        var (x, layer) = (reference.InputTensor(), model.Graph.Find("blocks.1"));
        var map = new AblationCam(Sign.Signed).Attribute(model, x, layer, new ClassTarget(2), Job.Quiet());
        using var prefix = model.RunTo(layer.Name, x);
        var whole = model.Run(x).First.select(1, 2);
        var expected = zeros(2, 16);
        for (var channel = 0; channel < 32; channel++)
        {
            var value = prefix.Value.clone();
            value.select(2, channel).zero_();
            expected += ((whole - model.RunFrom(prefix, value).First.select(1, 2)) / whole).unsqueeze(1) * prefix.Value.select(2, channel).narrow(1, 1, 16);
        }
        Near.Equal(Capture.Batches.ToArray(expected.reshape(2, 4, 4)), Capture.Batches.ToArray(map), 1e-4, "Ablation-CAM of tokens");
    }

    [SkippableFact]
    public void Score_cam_of_tokens_masks_the_input_by_the_patches()
    {
        var reference = new ConformanceCase("vit");
        using var scope = NewDisposeScope();
        using var model = (IDifferentiableModel)reference.Open("pt");
        var map = new ScoreCam().Attribute(model, reference.InputTensor(), model.Graph.Find("blocks.1"), new ClassTarget(2), Job.Quiet());
        Assert.Equal([2L, 4, 4], map.shape);
        Assert.True(map.isfinite().all().item<bool>());
    }

    private static Tensor Alone(AttributionPlan plan, PlannedMap map, IDifferentiableModel model, Tensor x) => plan.Methods[map.Method].Method switch
    {
        ILayerMap formula => LayerGradients.Of(model, x, [map.Layer!], plan.Targets[map.Target]).Select(pair => formula.Map(pair.Activation, pair.Gradient)).Single(),
        ILayerAttribution method => method.Attribute(model, x, map.Layer!, plan.Targets[map.Target], Job.Quiet()),
        var method => ((IAttribution)method).Attribute(model, x, plan.Targets[map.Target], Job.Quiet()),
    };
}
