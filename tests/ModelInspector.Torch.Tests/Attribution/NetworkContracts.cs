using System.Collections.Immutable;
using ModelInspector.Attribution;
using ModelInspector.Models;
using ModelInspector.Numerics;
using ModelInspector.Torch.Tests.TorchScript;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>What every attribution promises whatever the network: modules called twice, ReLUs in place, volumes, outputs that are no classes.</summary>
public class NetworkContracts
{
    private static readonly ImmutableDictionary<string, string> Defaults = ImmutableDictionary<string, string>.Empty;

    public static TheoryData<string> InputMaps => CatalogContracts.InputMaps;

    public static TheoryData<string> LayerMaps => [.. Catalog.Of<ILayerMap>().Concat(Catalog.Of<ILayerAttribution>()).Select(entry => entry.Name).Distinct().Where(name => name is not ("cam" or "attention-rollout"))];

    [Theory, MemberData(nameof(InputMaps))]
    public void One_relu_in_place_that_is_called_twice_gives_the_map_that_two_relus_give(string name)
    {
        using var scope = NewDisposeScope();
        using var reused = Net("torch.relu_(x)", shared: true);
        using var apart = Net("torch.relu(x)", shared: false);
        Near.Equal(Floats(AtInput(name, apart, Image(), new ClassTarget(1))), AtInput(name, reused, Image(), new ClassTarget(1)), 1e-5);
    }

    [Theory, MemberData(nameof(LayerMaps))]
    public void One_relu_in_place_that_is_called_twice_does_not_change_the_map_of_the_layer_before_it(string name)
    {
        using var scope = NewDisposeScope();
        using var reused = Net("torch.relu_(x)", shared: true);
        using var apart = Net("torch.relu(x)", shared: false);
        Near.Equal(Floats(AtLayer(name, apart, Image(), "conv1")), AtLayer(name, reused, Image(), "conv1"), 1e-5);
    }

    [Theory, MemberData(nameof(LayerMaps))]
    public void A_map_of_a_layer_of_volumes_has_its_positions_and_is_finite(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Pooled(axes: 3);
        var x = Drawn.Normal(6, 2, 2, 6, 12, 12);
        var layer = model.Graph.Layers.Last(found => found.Op == "Relu");
        using var prefix = model.RunTo(layer.Name, x);
        var map = AtLayer(name, model, x, layer.Name);
        long[] positions = name == "guided-grad-cam" ? x.shape[2..] : prefix.Value.shape[2..];
        Assert.Equal([2, .. positions], [map.shape[0], .. map.shape[^3..]]);
        Assert.True(map.isfinite().all().item<bool>());
    }

    [Theory, MemberData(nameof(InputMaps))]
    public void A_region_of_a_segmentation_and_a_number_of_a_regression_are_explained_as_classes_are(string name)
    {
        using var scope = NewDisposeScope();
        using var net = new ScriptSource("Net").Parameter("w", Weights(4, 1)).Parameter("v", Weights(2, 4))
            .Define("def forward(self, x: Tensor) -> Tensor:\n  y = torch.relu(torch.conv2d(x, self.w, None, [1, 1], [1, 1]))\n  return torch.conv2d(y, self.v, None, [1, 1], [1, 1])\n");
        using var model = net.Open(1, 1, 8, 8);
        var mask = new NdArray(1, 8, 8);
        mask.Values.AsSpan(8, 24).Fill(1);
        foreach (var target in new Target[] { new SegmentationTarget(1, mask), new OutputTarget("", 1, 3, 4) })
        {
            var map = AtInput(name, model, Image(), target);
            Assert.Equal([2L, 1, 8, 8], map.shape);
            Assert.True(map.isfinite().all().item<bool>() && map.abs().max().item<float>() > 0, $"{name} of {target}");
        }
    }

    // Convolution, ReLU, convolution, ReLU, mean, linear; with one module for both ReLUs, or two.
    private static GraphModel Net(string relu, bool shared)
    {
        using var conv1 = Convolution(5, 1);
        using var conv2 = Convolution(6, 5);
        using var first = new ScriptSource("First").Define($"def forward(self, x: Tensor) -> Tensor:\n  return {relu}\n");
        using var second = new ScriptSource("Second").Define($"def forward(self, x: Tensor) -> Tensor:\n  return {relu}\n");
        using var net = new ScriptSource("Net").Child("conv1", conv1).Child("conv2", conv2).Child("first", first).Child("second", second).Parameter("w", Drawn.Normal(12, 3, 6)).Define($"""
            def forward(self, x: Tensor) -> Tensor:
              y = self.first.forward(self.conv1.forward(x))
              y = self.{(shared ? "first" : "second")}.forward(self.conv2.forward(y))
              return torch.linear(torch.mean(y, [2, 3]), self.w)
            """);
        return net.Open(1, 1, 8, 8);
    }

    private static ScriptSource Convolution(long outputs, long inputs) => new ScriptSource("Convolution").Parameter("w", Weights(outputs, inputs)).Parameter("b", Drawn.Normal(13, outputs) * 0.2)
        .Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.conv2d(x, self.w, self.b, [1, 1], [1, 1])\n");

    private static Tensor Weights(long outputs, long inputs) => Drawn.Normal(14, outputs, inputs, 3, 3) * 0.4;

    private static Tensor Image() => Drawn.Normal(1, 2, 1, 8, 8);

    private static Tensor AtInput(string name, IDifferentiableModel model, Tensor x, Target target) =>
        Catalog.Find(Catalog.Of<IAttribution>(), name).Create<IAttribution>(Defaults).Attribute(model, x, target, Job.Quiet());

    private static Tensor AtLayer(string name, IDifferentiableModel model, Tensor x, string layer)
    {
        if (Catalog.Of<ILayerAttribution>().Any(entry => entry.Name == name))
            return Catalog.Find(Catalog.Of<ILayerAttribution>(), name).Create<ILayerAttribution>(Defaults).Attribute(model, x, model.Graph.Find(layer), new ClassTarget(1), Job.Quiet());
        var pair = LayerGradients.Of(model, x, [model.Graph.Find(layer)], new ClassTarget(1))[0];
        return Catalog.Find(Catalog.Of<ILayerMap>(), name).Create<ILayerMap>(Defaults).Map(pair.Activation, pair.Gradient);
    }
}
