using ModelInspector.Attribution;
using ModelInspector.Attribution.Rules;
using ModelInspector.Models;
using ModelInspector.Models.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution.Rules;

/// <summary>Relevance that flows through some channels only.</summary>
public class PassageTests
{
    [Fact]
    public void What_flows_through_one_channel_equals_the_hand_computed_values()
    {
        // x = (−1, 1): a = (1, 1) gets 1 and 4, b = (1, 0) gets 5 and 0. Of a's first channel −1 + 2 = 1, so −1 and 2 of its 1.
        using var scope = NewDisposeScope();
        using var model = Branches();
        Near.Equal([-11, 21], Through(""), 1e-4);
        Near.Equal([-1, 2], Through("a=0,b=none"), 1e-4);
        Near.Equal([0, 4], Through("a=1, b=none"), 1e-4);
        Near.Equal([-11, 17], Through("a=0"), 1e-4);
        Near.Equal([-11, 21], Through("a=0+1,b=0+1"), 1e-4);
        Near.Equal([-11, 21], Through("a=0,a=1"), 1e-4);
        Near.Equal([0, 0], Through("a=none,b=none"), 1e-6);
        // What arrives at the layers themselves is told before anything is held back.
        Near.Equal([1, 4], Through("a=0,b=none", "a"), 1e-4);
        Near.Equal([5, 0], Through("a=0,b=none", "b"), 1e-4);
        Tensor Through(string passage, string? layer = null) => At(model, new Lrp(Through: passage), layer);
    }

    [Theory, InlineData(Composite.EpsilonPlus), InlineData(Composite.Gamma), InlineData(Composite.Alpha2Beta1)]
    public void The_maps_through_each_channel_of_a_layer_that_nothing_jumps_over_add_up_to_the_whole(Composite composite)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Drawn.Normal(1, 2, 1, 8, 8);
        var parts = Enumerable.Range(0, 6).Select(channel => Of($"relu0={channel}")).ToList();
        Near.Equal(Floats(Of("")), parts.Aggregate((left, right) => left + right), 1e-5);
        Assert.True(parts.Count(part => part.abs().max().item<float>() > 0) > 3);
        Tensor Of(string passage) => new Lrp(composite, Through: passage).Attribute(model, x, new ClassTarget(1), Job.Quiet());
    }

    [Fact]
    public void A_batch_norm_that_is_merged_does_not_open_the_convolution_before_it()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Net(
            new("conv", "Conv", Toys.Convolved, Drawn.Normal(1, 3, 2, 3, 3), Drawn.Normal(2, 3)),
            new("bn", "BatchNormalization", (x, p) => nn.functional.batch_norm(x, p[2], p[3], p[0], p[1]), Drawn.Even(3, 3) + 0.5, Drawn.Normal(4, 3), Drawn.Normal(5, 3), Drawn.Even(6, 3) + 0.5),
            new("relu", "Relu", (x, _) => x.relu()),
            new("pool", "GlobalAveragePool", (x, _) => x.mean([2, 3])));
        var x = Drawn.Normal(7, 1, 2, 6, 6);
        Assert.Equal(0, Of("conv=0+2").abs().max().item<float>());
        Near.Equal(Floats(Of("")), Of("conv=1"), 1e-6);
        Tensor Of(string passage) => new Lrp(Through: passage).Attribute(model, x, new ClassTarget(1), Job.Quiet());
    }

    [Theory]
    [InlineData("a", "names no channels")]
    [InlineData("=1", "names no channels")]
    [InlineData("a=", "has no channel ``")]
    [InlineData("a=2", "(1, 2)")]
    [InlineData("a=-1", "has no channel `-1`")]
    [InlineData("a=0+x", "has no channel `x`")]
    [InlineData("nowhere=0", "does not exist")]
    public void A_passage_that_cannot_be_is_refused(string passage, string reason)
    {
        using var scope = NewDisposeScope();
        using var model = Branches();
        Assert.Contains(reason, Assert.Throws<InputException>(() => At(model, new Lrp(Through: passage), null)).Message, StringComparison.Ordinal);
    }

    private static Tensor At(GraphModel model, Lrp lrp, string? layer)
    {
        var input = tensor(new float[] { -1, 1 }).reshape(1, 2);
        return layer is null ? lrp.Attribute(model, input, new ClassTarget(0), Job.Quiet()) : lrp.Attribute(model, input, model.Graph.Find(layer), new ClassTarget(0), Job.Quiet());
    }

    // a = (x₁ + 2 x₂, x₂), b = (2 x₁ + 3 x₂, 0), y = a₁ + 4 a₂ + 5 b₁.
    internal static GraphModel Branches()
    {
        var net = new OnnxBuilder("branches");
        var x = net.Input("x", [-1, 2]);
        net.Node("Gemm", [x, net.Weight("w1", [2, 2], [1f, 2, 0, 1])], ["a"], "layer1", attributes: [("transB", 1L)]);
        net.Node("Gemm", [x, net.Weight("w2", [2, 2], [2f, 3, 0, 0])], ["b"], "layer2", attributes: [("transB", 1L)]);
        var joined = net.Node("Concat", ["a", "b"], ("axis", 1L));
        return (GraphModel)Onnx.Toy.Open(net.Output(net.Node("Gemm", [joined, net.Weight("w3", [1, 4], [1f, 4, 5, 0])], ("transB", 1L)), "y"));
    }
}
