using System.Collections.Immutable;
using ModelInspector.Attribution;
using ModelInspector.Attribution.Inputs;
using ModelInspector.Attribution.Maps;
using ModelInspector.Attribution.Tokens;
using ModelInspector.Capture;
using ModelInspector.Evaluation;
using ModelInspector.Models;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Evaluation;

/// <summary>Maps as scores need them: one value a position, whatever the method and the layer.</summary>
public class MapPlanTests
{
    public static TheoryData<string> OfTokens => [.. All.Where(name => name != "cam")];

    public static TheoryData<string> OfImages => [.. All.Where(name => name != "attention-rollout")];

    private static IEnumerable<string> All => Catalog.Of<ILayerMap>().Concat(Catalog.Of<ILayerAttribution>()).Concat(Catalog.Of<IAttribution>()).Select(entry => entry.Name).Distinct();

    [Theory, MemberData(nameof(OfTokens))]
    public void Every_method_is_drawn_on_the_patches_of_a_transformer(string method)
    {
        using var scope = NewDisposeScope();
        using var model = Patched();
        var layer = model.Graph.Layers.Last(found => found.Op == "Add");
        foreach (var map in Draw(MapPlan.Of([layer], [method]), model, Image(2, 12)))
            Assert.Equal(map.Layer == MapPlan.InputLayer || method == "guided-grad-cam" ? (int[])[2, 12, 12] : [2, 3, 3], map.Maps.Shape.AsEnumerable());
    }

    [Theory, MemberData(nameof(OfImages))]
    public void Every_method_is_summed_over_the_channels_of_a_layer_of_images(string method)
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Pooled();
        var layer = model.Graph.Layers.Last(found => found.Op == "Relu");
        foreach (var map in Draw(MapPlan.Of([layer], [method]), model, Image(2, 12)))
            Assert.Equal(map.Layer == MapPlan.InputLayer || method == "guided-grad-cam" ? (int[])[2, 12, 12] : [2, 6, 6], map.Maps.Shape.AsEnumerable());
    }

    [Fact]
    public void A_method_of_one_layer_is_drawn_there_and_left_out_elsewhere_with_the_reason()
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Pooled();
        var relus = model.Graph.Layers.Where(found => found.Op == "Relu").ToImmutableArray();
        var plan = MapPlan.Of(relus, ["sam", "cam"]);
        Assert.Equal([(relus[0].Name, "sam"), (relus[1].Name, "sam"), (relus[1].Name, "cam")], Draw(plan, model, Image(2, 12)).Select(map => (map.Layer, map.Method)));
        var (method, at, reason) = Assert.Single(plan.Unfit(model.Graph));
        Assert.Equal(("cam", relus[1]), (method.Name, Assert.Single(at)));
        Assert.Contains($"not `{relus[0].Name}`", reason, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => Draw(MapPlan.Of([relus[0]], ["sam", "cam"]), model, Image(2, 12)));
    }

    [Fact]
    public void A_map_of_the_layers_own_shape_keeps_its_sum_over_the_patches()
    {
        using var scope = NewDisposeScope();
        using var model = Patched();
        var (x, layer) = (Image(2, 12), model.Graph.Layers.Last(found => found.Op == "Add"));
        var pair = LayerGradients.Of(model, x, [layer], new ClassTarget(1))[0];
        var product = Batches.ToArray((pair.Activation * pair.Gradient).sum(2)).Values;   // (N, tokens)
        Assert.Equal(product, Assert.Single(Draw(MapPlan.Of([layer], ["gradient-times-activation"]), model, x)).Maps.Values);
        var path = new IntegratedGradients(8).Attribute(model, x, layer, new ClassTarget(1), Job.Quiet());
        var drawn = Draw(MapPlan.Of([layer], ["integrated-gradients:steps=8"]), model, x).Single(map => map.Layer == layer.Name);
        Assert.Equal(Batches.ToArray(path.sum(2)).Values, drawn.Maps.Values);
    }

    [Fact]
    public void Formulas_on_layers_and_on_the_input_share_one_forward()
    {
        using var scope = NewDisposeScope();
        using var model = new Counted(Nets.Pooled());
        var relus = model.Graph.Layers.Where(found => found.Op == "Relu").ToImmutableArray();
        var drawn = Draw(MapPlan.Of(relus, ["sam", "grad-cam", "saliency", "input-times-gradient"]), model, Image(2, 12));
        Assert.Equal(2 * relus.Length + 2, drawn.Count);
        Assert.Equal(1, model.Runs);
    }

    [Fact]
    public void Smooth_grad_of_a_map_at_tokens_is_the_mean_of_maps_on_the_patches()
    {
        using var scope = NewDisposeScope();
        using var model = Patched();
        var (x, layer) = (Image(2, 12), model.Graph.Layers.Last(found => found.Op == "Add"));
        var map = new SmoothGrad(3, 0, Of: "sam").Attribute(model, x, layer, new ClassTarget(1), Job.Quiet());
        Assert.Equal([2L, 3, 3], map.shape);
        Near.Equal(Batches.ToArray(OnPatches(new Sam(), model, x, layer)).Values, map, 1e-6);
    }

    [Fact]
    public void Guided_grad_cam_at_tokens_is_guided_backpropagation_where_the_patches_light_up()
    {
        using var scope = NewDisposeScope();
        using var model = Patched();
        var (x, layer) = (Image(2, 12), model.Graph.Layers.Last(found => found.Op == "Add"));
        var guided = new GuidedBackprop().Attribute(model, x, new ClassTarget(1), Job.Quiet());
        var expected = guided * Resize.To(OnPatches(new GradCam(), model, x, layer), [12, 12]).unsqueeze(1);
        Near.Equal(Batches.ToArray(expected).Values, new GuidedGradCam().Attribute(model, x, layer, new ClassTarget(1), Job.Quiet()), 1e-6);
    }

    private static Tensor OnPatches(ILayerMap map, IDifferentiableModel model, Tensor x, Layer layer)
    {
        var (pair, grid) = (LayerGradients.Of(model, x, [layer], new ClassTarget(1))[0], new TokenGrid([3, 3], 0));
        return map.Map(grid.Laid(pair.Activation), grid.Laid(pair.Gradient));
    }

    private static List<StoredMap> Draw(MapPlan plan, IDifferentiableModel model, Tensor x) => DrawnMaps.Of(model, x, plan, new ClassTarget(1), Job.Quiet());

    // As Nets.Tokens, with a ReLU, so that the methods that ask for one have theirs.
    private static GraphModel Patched()
    {
        var net = new Nets.Written(2, seed: 3);
        var x = net.Tokens(net.Relu(net.Conv(net.Input(2), 2, 4, kernel: 4, stride: 4, pad: 0)));
        x = net.Add(x, net.Attended(x));
        return net.Open(net.Linear(net.MeanOfTokens(x), 4, 3));
    }

    private static Tensor Image(int samples, int side)
    {
        var random = new Randomness(17, 3);
        return Batches.ToTensor(new NdArray([samples, 2, side, side], [.. Enumerable.Range(0, samples * 2 * side * side).Select(i => (float)random.Normal((ulong)i))]));
    }
}
