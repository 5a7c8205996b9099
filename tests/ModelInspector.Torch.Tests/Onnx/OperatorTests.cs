using ModelInspector.Models;
using ModelInspector.Models.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Onnx;

/// <summary>What the standard's own cases do not reach: old versions, gradients, quantised chains, inner graphs.</summary>
public class OperatorTests
{
    [Fact]
    public void Before_version_7_a_second_tensor_was_placed_at_an_axis()
    {
        var net = new OnnxBuilder(opset: 6);
        net.Output(net.Node("Add", [net.Input("x", [1, 2, 2]), net.Weight("b", [2], [10f, 20])], ("broadcast", 1), ("axis", 1)));
        Assert.Equal([10f, 11, 22, 23], Toy.Run(net, Toy.Counting(1, 2, 2)));
    }

    [Fact]
    public void Before_version_13_softmax_was_over_everything_behind_its_axis()
    {
        var input = zeros(1, 2, 2);
        Assert.Equal([0.25f, 0.25f, 0.25f, 0.25f], Toy.Run(Toy.Single("Softmax", [1, 2, 2], 12, ("axis", 1)), input));
        Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f], Toy.Run(Toy.Single("Softmax", [1, 2, 2], 13, ("axis", 1)), input));
    }

    [Fact]
    public void Axes_may_be_an_attribute_or_an_input()
    {
        var input = new OnnxBuilder(opset: 18);
        input.Output(input.Node("ReduceMean", [input.Input("x", [1, 2, 2]), input.Weight("axes", [1], [-1L])], ("keepdims", 0)));
        var attribute = Toy.Single("ReduceMean", [1, 2, 2], 13, ("axes", new long[] { 2 }), ("keepdims", 0));
        Assert.Equal([0.5f, 2.5f], Toy.Run(input, Toy.Counting(1, 2, 2)));
        Assert.Equal([0.5f, 2.5f], Toy.Run(attribute, Toy.Counting(1, 2, 2)));
    }

    [Theory]
    [InlineData("SAME_UPPER", 1, 3, 5, 3)]
    [InlineData("SAME_LOWER", 0, 1, 3, 5)]
    public void Automatic_padding_puts_the_odd_position_where_its_name_says(string mode, params int[] expected)
    {
        var net = new OnnxBuilder();
        net.Output(net.Node("Conv", [net.Input("x", [1, 1, 4]), net.Weight("w", [1, 1, 2], [1f, 1])], ("auto_pad", mode)));
        Assert.Equal(expected.Select(value => (float)value), Toy.Run(net, Toy.Counting(1, 1, 4)));
    }

    [Fact]
    public void An_average_pool_that_rounds_up_divides_by_what_it_covers()
    {
        var net = Toy.Single("AveragePool", [1, 1, 4], 13, ("kernel_shape", new long[] { 3 }), ("strides", new long[] { 2 }), ("ceil_mode", 1));
        Assert.Equal([1f, 2.5f], Toy.Run(net, Toy.Counting(1, 1, 4)).Select(value => MathF.Round(value, 5)));
    }

    [Fact]
    public void A_batch_normalisation_that_was_exported_while_training_is_refused_with_the_way_out()
    {
        var refusal = Toy.Refusal(BatchNorm(13, 5));
        Assert.Contains("`norm` (BatchNormalization, opset 13) gives 5 outputs", refusal, StringComparison.Ordinal);
        Assert.Contains("Expected one output: export the network again after model.eval().", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void From_version_14_on_it_takes_the_statistics_of_the_batch_and_a_note_says_so()
    {
        var net = BatchNorm(14, 3, ("training_mode", 1));
        using var model = Toy.Open(net);
        Assert.Contains(model.Graph.Notes, note => note.StartsWith("Mean and variance of 1 of 1 batch normalisations are those of the batch at hand", StringComparison.Ordinal));
        Assert.Equal([-1f, -1, 1, 1], Toy.Run(net, tensor([3f, 10, 5, 30]).reshape(2, 2)).Select(value => MathF.Round(value, 4)));
    }

    private static OnnxBuilder BatchNorm(int opset, int outputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        var net = new OnnxBuilder("norm", opset);
        string[] weights = [.. "sbmv".Select(name => net.Weight($"{name}", [2], name is 's' or 'v' ? [1f, 1] : [0f, 0]))];
        net.Input("x", [-1, 2]);
        string[] to = ["y", .. Enumerable.Range(1, outputs - 1).Select(index => $"y{index}")];
        return net.Node("BatchNormalization", ["x", .. weights], to, node: "norm", attributes: attributes).Output("y");
    }

    [Fact]
    public void A_constant_fill_takes_its_shape_from_an_attribute_an_input_or_an_inputs_values()
    {
        var net = new OnnxBuilder("fill", 8);
        net.Input("x", [2, 1]);
        var like = net.Node("ConstantFill", ["x"], ("value", 3f), ("extra_shape", new long[] { 2 }));
        var named = net.Node("ConstantFill", [], ("value", 5f), ("shape", new long[] { 2, 1 }), ("dtype", 1));
        var said = net.Node("ConstantFill", [net.Node("Shape", ["x"])], ("value", 7f), ("input_as_shape", 1));
        net.Output(net.Node("Concat", [net.Node("ReduceSum", [like], ("axes", new long[] { 2 }), ("keepdims", 0)), named, said, "x"], ("axis", 1)));
        Assert.Equal([6f, 5, 7, 0, 6, 5, 7, 1], Toy.Run(net, Toy.Counting(2, 1)));
    }

    [Fact]
    public void A_dropout_passes_its_input_on_whatever_the_file_says()
    {
        var net = new OnnxBuilder();
        net.Output(net.Node("Dropout", [net.Input("x", [1, 3]), net.Weight("ratio", [], [0.5f])]));
        Assert.Equal([0f, 1, 2], Toy.Run(net, Toy.Counting(1, 3)));
    }

    [Fact]
    public void An_if_that_is_decided_at_load_is_put_in_place_and_its_layers_can_be_seen()
    {
        var (then, otherwise) = (new OnnxBuilder(), new OnnxBuilder());
        then.Node("Relu", ["x"], ["t"], node: "/then/Relu").Output("t");
        otherwise.Node("Neg", ["x"], ["o"]).Output("o");
        var net = new OnnxBuilder();
        net.Input("x", [1, 2]);
        net.Node("Equal", [net.Weight("one", [1], [1L]), net.Weight("two", [1], [2L])], ["condition"])
            .Node("If", ["condition"], ["y"], attributes: [("then_branch", then), ("else_branch", otherwise)]).Output("y");
        using var model = Toy.Open(net);
        Assert.Equal("Neg", Assert.Single(model.Graph.Layers).Op);
        Assert.Equal([-3f, 1], Toy.Run(net, tensor([3f, -1]).reshape(1, 2)));
    }

    [Fact]
    public void An_if_on_the_input_and_a_loop_run_with_what_they_capture_and_gradients_flow()
    {
        var body = new OnnxBuilder();
        body.Input("i", [], "int64");
        body.Input("go", [], "bool");
        body.Input("a", [1, 2]);
        body.Node("Identity", ["go"], ["still"]).Node("Mul", ["a", "factor"], ["b"]).Output("still", type: "bool").Output("b");
        var net = new OnnxBuilder();
        net.Node("Abs", [net.Input("x", [1, 2])], ["factor"])
            .Node("Loop", [net.Weight("rounds", [], [2L]), "", "x"], ["y"], attributes: ("body", body)).Output("y");
        using var scope = NewDisposeScope();
        using var model = Toy.Open(net);
        var input = tensor([2f, -3]).reshape(1, 2).requires_grad_();
        var output = model.Run(input).First;
        Assert.Equal([8f, -27], output.reshape(-1).data<float>().ToArray());
        Assert.Equal([12f, 27], autograd.grad([output.sum()], [input])[0].reshape(-1).data<float>().ToArray());
    }

    [Fact]
    public void A_quantised_convolution_rounds_as_it_says_and_its_gradient_is_that_of_the_real_one()
    {
        var net = new OnnxBuilder();
        var (scale, zero) = (net.Weight("s", [], [0.5f]), Bytes(net, "z", [128]));
        net.Node("QuantizeLinear", [net.Input("x", [1, 1, 2]), scale, zero], ["q"])
            .Node("QLinearConv", ["q", "s", "z", Bytes(net, "w", [130], 1, 1, 1), "s", "z", "s", "z"], ["r"], node: "/conv/Conv_quant")
            .Node("DequantizeLinear", ["r", "s", "z"], ["y"]).Output("y");
        using var scope = NewDisposeScope();
        using var model = Toy.Open(net);
        Assert.Contains(model.Graph.Notes, note => note.Contains("quantised", StringComparison.Ordinal));
        var input = tensor([1.1f, 1000]).reshape(1, 1, 2).requires_grad_();
        var output = model.Run(input).First;
        // The weight stands for 1, so the output is the input rounded to halves, cut off at 63.5.
        Assert.Equal([1f, 63.5f], output.reshape(-1).data<float>().ToArray());
        Assert.Equal([1f, 0], autograd.grad([output.sum()], [input])[0].reshape(-1).data<float>().ToArray());
    }

    [Theory]
    [InlineData("border", 1)]
    [InlineData("reflection", 1)]
    [InlineData("zeros", 0)]
    public void Cubic_sampling_reproduces_pixels_at_their_centres_and_meets_the_edge_as_it_says(string padding, float beyond)
    {
        var net = new OnnxBuilder();
        // Centres of the pixels of a 2 × 2 image of ones lie at ±0.5; the last place is two pixels beyond the edge.
        net.Weight("places", [1, 1, 3, 2], [-0.5f, -0.5f, 0.5f, -0.5f, 3.5f, 0.5f]);
        net.Output(net.Node("GridSample", [net.Input("x", [1, 1, 2, 2]), "places"], ("mode", "bicubic"), ("padding_mode", padding)));
        var sampled = Toy.Run(net, ones(1, 1, 2, 2)).Select(value => MathF.Round(value, 5));
        Assert.Equal([1f, 1, beyond], sampled);
    }

    [Theory]
    [InlineData("Gelu", 20)]
    [InlineData("HardSwish", 14)]
    [InlineData("Softplus", 13)]
    [InlineData("Asinh", 13)]
    [InlineData("Atan", 13)]
    [InlineData("Elu", 13)]
    [InlineData("Mish", 18)]
    [InlineData("LogSoftmax", 13)]
    [InlineData("ReduceLogSumExp", 13)]
    [InlineData("ReduceL2", 13)]
    [InlineData("MeanVarianceNormalization", 13)]
    [InlineData("GlobalAveragePool", 13)]
    [InlineData("GlobalMaxPool", 13)]
    public void The_gradient_is_the_slope(string op, int opset)
    {
        using var scope = NewDisposeScope();
        using var model = Toy.Open(Toy.Single(op, [2, 2, 3, 3], opset));
        var input = Drawn.Even(2, 2, 2, 3, 3).add(0.1).requires_grad_();
        var weights = Drawn.Normal(3, model.Run(input).First.shape);
        double Score(Tensor x) => (model.Run(x).First * weights).sum().ToDouble();
        var gradient = autograd.grad([(model.Run(input).First * weights).sum()], [input])[0];
        var direction = Drawn.Normal(4, 2, 2, 3, 3);
        var slope = (Score(input.detach() + direction * 1e-3) - Score(input.detach() - direction * 1e-3)) / 2e-3;
        Assert.Equal(slope, (gradient * direction).sum().ToDouble(), 2e-2 * Math.Max(1, Math.Abs(slope)));
    }

    private static string Bytes(OnnxBuilder net, string name, byte[] values, params long[] shape)
    {
        // Whole numbers of eight bits are made by a cast that is computed at load.
        net.Node("Cast", [net.Weight(name + "_", shape, [.. values.Select(value => (long)value)])], [name], attributes: ("to", 2));
        return name;
    }
}
