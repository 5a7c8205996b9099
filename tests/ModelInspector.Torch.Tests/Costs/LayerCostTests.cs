using ModelInspector.Models;
using ModelInspector.Models.Costs;
using ModelInspector.Models.Onnx;
using ModelInspector.Torch.Tests.Onnx;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Costs;

/// <summary>What layers cost, against numbers worked out by hand.</summary>
public class LayerCostTests
{
    /// <summary>
    /// Convolutions and the last layer: 1,814,073,344, the number that the literature gives; batch norms, one a value: 2,483,712.
    /// Receptive fields as in the tables for this network: 11 after the first pool, then 43, 99, 211, 435.
    /// </summary>
    [Fact]
    public void ResNet18_costs_and_sees_what_its_tables_say()
    {
        using var scope = NewDisposeScope();
        using var model = Toy.Open(Architectures.ResNet18());
        var costs = LayerCosts.Of(model, zeros(1, 3, 224, 224)).ToDictionary(cost => cost.Layer.Name);
        Assert.Equal(11_689_512, model.Graph.Parameters);
        Assert.Equal(2_483_712, costs.Values.Where(cost => cost.Layer.Op == "BatchNormalization").Sum(cost => cost.MultiplyAdds));
        Assert.Equal(1_814_073_344 + 2_483_712, costs.Values.Sum(cost => cost.MultiplyAdds));
        Assert.Equal(118_013_952, costs["conv1"].MultiplyAdds);
        Assert.Equal(4 * 64 * 112 * 112, costs["conv1"].Bytes);
        Assert.True(costs["layer4.1.relu2"].Output.SequenceEqual([1, 512, 7, 7]));
        foreach (var (layer, size, stride, offset) in ((string, int, int, int)[])[
            ("conv1", 7, 2, -3), ("maxpool", 11, 4, -5), ("layer1.1.relu2", 43, 4, -21), ("layer2.1.relu2", 99, 8, -49),
            ("layer3.1.relu2", 211, 16, -105), ("layer4.1.relu2", 435, 32, -217)])
        {
            var field = costs[layer].Field!;
            Assert.Equal(2, field.Axes.Length);
            Assert.All(field.Axes, axis => Assert.Equal(new AxisField(size, stride, offset), axis));
        }
        Assert.All(["avgpool", "flatten", "fc"], layer => Assert.True(costs[layer].Field!.IsWhole));
    }

    /// <summary>3,504,872 is MobileNetV2's published count; 300.77 M its products without normalisations.</summary>
    [Fact]
    public void MobileNetV2_costs_what_its_tables_say()
    {
        using var scope = NewDisposeScope();
        using var model = Toy.Open(Architectures.MobileNet());
        var costs = LayerCosts.Of(model, zeros(1, 3, 224, 224));
        Assert.Equal(3_504_872, model.Graph.Parameters);
        Assert.Equal(300_774_272, costs.Where(cost => cost.Layer.Op != "BatchNormalization").Sum(cost => cost.MultiplyAdds));
    }

    [Fact]
    public void Costs_are_for_the_whole_batch_and_times_add_up_only_where_asked()
    {
        using var scope = NewDisposeScope();
        using var model = Toy.Open(Small());
        var (one, three) = (LayerCosts.Of(model, zeros(1, 2, 8, 8)), LayerCosts.Of(model, zeros(3, 2, 8, 8), runs: 2));
        Assert.Equal([4 * 2 * 9 * 64, 0], one.Select(cost => cost.MultiplyAdds));
        Assert.Equal([3 * 4 * 2 * 9 * 64, 0], three.Select(cost => cost.MultiplyAdds));
        Assert.All(one, cost => Assert.Equal(TimeSpan.Zero, cost.Time));
        Assert.True(three[0].Time > TimeSpan.Zero);
    }

    [Fact]
    public void Nothing_is_left_alive() => Leaks.None(() =>
    {
        using var model = Toy.Open(Small());
        LayerCosts.Of(model, zeros(1, 2, 8, 8), runs: 1);
    });

    [SkippableTheory]
    [InlineData("gap")]
    [InlineData("residual")]
    public void Both_formats_of_a_network_see_and_cost_the_same(string name)
    {
        var reference = new ConformanceCase(name);
        using var scope = NewDisposeScope();
        using var onnx = reference.Open("onnx");
        using var script = reference.Open("pt");
        var (a, b) = (Convolutions(onnx, reference), Convolutions(script, reference));
        Assert.NotEmpty(a);
        Assert.Equal(a, b);
    }

    private static (string, long, string)[] Convolutions(IModel model, ConformanceCase reference) =>
        [.. LayerCosts.Of(model, reference.InputTensor()).Where(cost => cost.Layer.Op is "Conv" or "aten::_convolution")
            .Select(cost => (cost.Layer.Name, cost.MultiplyAdds, string.Join(' ', cost.Field!.Axes)))];

    private static OnnxBuilder Small()
    {
        var net = new OnnxBuilder();
        var weight = net.Weight("conv.weight", [4, 2, 3, 3], new float[72]);
        return net.Output(net.Node("Relu", [net.Node("Conv", [net.Input("x", [-1, 2, 8, 8]), weight], ("pads", new long[] { 1, 1, 1, 1 }))]));
    }
}
