using ModelInspector.Models.Onnx;
using ModelInspector.Models.Onnx.Format;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Onnx;

/// <summary>What the builder writes, the reader reads.</summary>
public class OnnxBuilderTests
{
    [Fact]
    public void Nodes_weights_attributes_and_ports_come_back_as_written()
    {
        var net = new OnnxBuilder("names", opset: 13);
        net.Input("image", [-1, 3, 8, 8]);
        net.Weight("w", [2], [0.5f, -1]);
        net.Node("Strange", ["image", "", "w"], ["out", ""], node: "/a/Strange", attributes:
            [("whole", 7), ("real", 0.5f), ("text", "edge"), ("wholes", new long[] { 1, -2 }), ("reals", new[] { 1f, 2 }), OnnxAttribute.Of("tensor", [1], [3L])]);
        net.Output("out", shape: [-1, 2]);
        var read = OnnxReader.Read("test", net.ToArray());
        Assert.Equal([new OpsetId("", 13)], read.Opsets.AsEnumerable());
        var node = Assert.Single(read.Graph.Nodes);
        Assert.Equal(("Strange", "/a/Strange"), (node.Op, node.Name));
        Assert.Equal(["image", "", "w"], node.Inputs.AsEnumerable());
        Assert.Equal(["out", ""], node.Outputs.AsEnumerable());
        Assert.Equal((7L, 0.5f, "edge"), (node.Attribute("whole")!.Int, node.Attribute("real")!.Float, node.Attribute("text")!.Text));
        Assert.Equal([1L, -2], node.Attribute("wholes")!.Ints.AsEnumerable());
        Assert.Equal([1f, 2], node.Attribute("reals")!.Floats.AsEnumerable());
        Assert.Equal([-1L, 3, 8, 8], read.Graph.Inputs[0].Shape!.Value.AsEnumerable());
        Assert.Equal(ElementType.Float32, read.Graph.Outputs[0].Type);
        Assert.Equal([2L], read.Graph.Initializers[0].Shape.AsEnumerable());
    }

    [Fact]
    public void A_function_is_put_in_place_with_its_attributes_and_inner_names()
    {
        var body = new OnnxBuilder();
        body.Node("Relu", [body.Input("a", [])], ["positive"], node: "Relu").Node("Add", ["positive", "positive"], ["b"], node: "Add").Output("b");
        var net = new OnnxBuilder().Function("Twice", "own", body);
        net.Node("Twice", [net.Input("x", [1, 2])], ["m"], node: "/first", domain: "own").Node("Twice", ["m"], ["y"], node: "/second", domain: "own").Output("y");
        using var model = Toy.Open(net);
        Assert.Equal(["first.relu", "first", "second.relu", "second"], model.Graph.Layers.Select(layer => layer.Name));
        Assert.Equal([12f, 0], Toy.Run(net, tensor([3f, -1]).reshape(1, 2)));
    }

    [Fact]
    public void Half_precision_weights_are_read_as_single()
    {
        var net = new OnnxBuilder();
        net.Output(net.Node("Mul", [net.Input("x", [1, 2]), net.Weight("w", [2], [(Half)0.5f, (Half)(-3)])]));
        Assert.Equal([1f, -9], Toy.Run(net, tensor([2f, 3]).reshape(1, 2)));
    }
}
