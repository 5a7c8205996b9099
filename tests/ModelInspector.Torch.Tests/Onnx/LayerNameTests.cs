using ModelInspector.Models.Onnx;

namespace ModelInspector.Torch.Tests.Onnx;

/// <summary>Layers are called what the network's author called them.</summary>
public class LayerNameTests
{
    [Theory]
    [InlineData("/layer1/layer1.0/conv1/Relu", "layer1.0.conv1")]
    [InlineData("/features/features.8/Relu", "features.8")]
    [InlineData("/features/features.1/conv/conv.0/conv.0.0/Relu", "features.1.conv.0.0")]
    [InlineData("/backbone/stage/stage.2/act/Relu_3", "backbone.stage.2.act")]
    [InlineData("resnet/block1/Relu6", "resnet.block1.Relu6")]
    [InlineData("Pooling66", "Pooling66")]
    [InlineData("Relu_12", "relu_12")]
    [InlineData("/Relu", "relu")]
    public void An_exporters_name_becomes_the_module_path(string node, string expected)
    {
        var net = new OnnxBuilder();
        net.Node("Relu", [net.Input("x", [1, 2])], ["t"], node: node).Output("t");
        using var model = Toy.Open(net);
        var layer = Assert.Single(model.Graph.Layers);
        Assert.Equal(expected, layer.Name);
        Assert.Same(layer, model.Graph.Find(node));
        Assert.Same(layer, model.Graph.Find("t"));
    }

    [Theory]
    [InlineData("fire2/expand1x1_1", "fire2.expand1x1_1")]
    [InlineData("conv1_2", "conv1_2")]
    [InlineData("245", "relu_1")]
    [InlineData("onnx::Conv_17", "relu_1")]
    [InlineData("input.4", "relu_1")]
    public void A_node_without_a_name_is_called_by_its_output_or_by_its_kind(string output, string expected)
    {
        var net = new OnnxBuilder();
        net.Node("Relu", [net.Input("x", [1, 2])], [output]).Output(output);
        using var model = Toy.Open(net);
        Assert.Equal(expected, Assert.Single(model.Graph.Layers).Name);
    }

    [Fact]
    public void A_modules_path_means_the_layer_whose_output_is_the_modules()
    {
        var net = new OnnxBuilder();
        net.Node("Relu", [net.Input("x", [1, 2])], ["a"], node: "/blocks/blocks.0/act/Relu")
            .Node("Add", ["x", "a"], ["b"], node: "/blocks/blocks.0/Add")
            .Node("Neg", ["b"], ["c"], node: "/blocks/blocks.0/norm/Neg")
            .Node("Abs", ["c"], ["d"], node: "/blocks/blocks.0/norm/Abs")
            .Node("Add", ["b", "d"], ["e"], node: "/blocks/blocks.0/Add_1").Output("e");
        using var model = Toy.Open(net);
        Assert.Equal(["blocks.0.act", "blocks.0.add", "blocks.0.norm.neg", "blocks.0.norm", "blocks.0"], model.Graph.Layers.Select(layer => layer.Name));
        Assert.Equal("blocks.0", model.Graph.Find("blocks").Name);
        Assert.Equal("blocks.0", model.Graph.Find("/blocks/blocks.0/Add_1").Name);
    }

    [Fact]
    public void A_module_called_twice_is_two_layers_and_a_function_of_its_name_gives_way()
    {
        var net = new OnnxBuilder();
        net.Node("Relu", [net.Input("x", [1, 2])], ["a"], node: "/Relu")
            .Node("Relu", ["a"], ["b"], node: "/relu/Relu")
            .Node("Relu", ["b"], ["c"], node: "/relu/Relu_1").Output("c");
        using var model = Toy.Open(net);
        Assert.Equal(["relu_2", "relu", "relu_1"], model.Graph.Layers.Select(layer => layer.Name));
    }

    [Fact]
    public void Old_exporters_leave_the_path_in_the_weights_name()
    {
        var net = new OnnxBuilder();
        net.Node("Conv", [net.Input("x", [1, 1, 4, 4]), net.Weight("base.3.0.weight", [1, 1, 1, 1], [2f])], ["17"], node: "Conv_4").Output("17");
        using var model = Toy.Open(net);
        Assert.Equal("base.3.0", Assert.Single(model.Graph.Layers).Name);
        Assert.Equal(1, model.Graph.Parameters);
    }

    [Fact]
    public void Shapes_masks_and_constants_are_no_layers_and_every_real_output_is_one()
    {
        var net = new OnnxBuilder();
        net.Input("x", [1, 4]);
        net.Node("Shape", ["x"], ["shape"]).Node("Cast", ["shape"], ["sizes"], attributes: ("to", 1))
            .Node("Greater", ["x", net.Weight("limit", [1], [0f])], ["mask"])
            .Node("Where", ["mask", "x", "limit"], ["kept"])
            .Node("Split", ["kept"], ["left", "right"], attributes: [("axis", 1), ("split", new long[] { 1, 3 })])
            .Output("left").Output("right").Output("sizes");
        using var split = Toy.Open(net);
        Assert.Equal(["kept", "left", "right"], split.Graph.Layers.Select(layer => layer.Name));
        Assert.Equal([1L, 3], split.Graph.Find("right").Output.AsEnumerable());
        Assert.Equal(["x"], split.Graph.Find("kept").Inputs.AsEnumerable());
    }
}
