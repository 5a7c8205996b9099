using ModelInspector.Models;
using ModelInspector.Models.Costs;
using ModelInspector.Models.Onnx;
using ModelInspector.Torch.Tests.Onnx;
using ModelInspector.Torch.Tests.TorchScript;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Costs;

/// <summary>Receptive fields against what gradients say: which inputs an output depends on, when every weight is positive.</summary>
public class ReceptiveFieldTests
{
    private const int Rows = 48;
    private const int Columns = 40;

    public static TheoryData<string> Networks => [.. Built.Keys];

    /// <summary>Networks whose field is exact away from the borders.</summary>
    private static readonly Dictionary<string, Action<Net>> Built = new()
    {
        ["two convolutions"] = net => net.Convolution(3, 3).Convolution(5, 3),
        ["strides, dilations and uneven padding"] = net => net.Convolution(3, 5, stride: 2, dilation: 2, pads: [1, 0, 3, 2]).Convolution(3, 3, stride: 3),
        ["pools"] = net => net.Convolution(3, 3).Pool(3, 2).Convolution(3, 3).Pool(2, 2),
        ["a residual around a strided block"] = net => net.Convolution(3, 3, stride: 2).Residual(block => block.Convolution(3, 3).Convolution(3, 3)),
        ["a fork that is joined on channels"] = net => net.Fork(left => left.Convolution(1, 5, pads: [0, 2, 0, 2]), right => right.Convolution(5, 1, pads: [2, 0, 2, 0])),
        ["a transposed convolution"] = net => net.Convolution(3, 3, stride: 2).Transposed(2, 2).Convolution(3, 3),
        ["an overlapping transposed convolution"] = net => net.Convolution(3, 3, stride: 4).Transposed(4, 2, pad: 1).Convolution(1, 1),
        ["space to depth and back"] = net => net.Node("SpaceToDepth", ("blocksize", 2L)).Convolution(3, 3, channels: 4).Node("DepthToSpace", ("blocksize", 2L)),
        ["every other row and column"] = net => net.Slice([1, 0], [2, 2]).Convolution(3, 3),
        ["padding of its own"] = net => net.Pad([2, 1, 3, 0]).Convolution(3, 3, pads: [0, 0, 0, 0]),
        ["rows and columns swapped twice"] = net => net.Transpose(0, 1, 3, 2).Transpose(0, 1, 3, 2).Convolution(5, 3),
        ["channels last and back"] = net => net.Transpose(0, 2, 3, 1).Transpose(0, 3, 1, 2).Convolution(3, 3),
        ["shuffled channels"] = net => net.Convolution(3, 3, channels: 1, to: 4).Reshape(1, 2, 2, -1).Transpose(0, 2, 1, 3).Reshape(1, 4, Rows, Columns).Convolution(3, 3, channels: 4),
        ["a linear enlargement"] = net => net.Convolution(3, 3, stride: 2).Resize("linear"),
        ["a repeating enlargement"] = net => net.Convolution(3, 3, stride: 2).Resize("nearest").Convolution(3, 3),
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void An_output_depends_on_its_field_and_on_nothing_else(string network)
    {
        using var scope = NewDisposeScope();
        var net = new Net();
        Built[network](net);
        using var model = Toy.Open(net.Finished());
        using var input = Drawn.Even(1, 1, 1, Rows, Columns).add(0.5).requires_grad_();
        var field = LayerCosts.Of(model, input)[^1].Field!;
        var output = model.Run(input).First;
        foreach (var (row, column) in ((long, long)[])[(0, 0), (output.shape[2] / 2, output.shape[3] / 2), (output.shape[2] / 2, 1), (output.shape[2] - 1, output.shape[3] - 1)])
        {
            var depends = autograd.grad([output.select(2, row).select(2, column).sum()], [input], retain_graph: true)[0].abs().reshape(Rows, Columns);
            Covers(field.Axes[0]!, row, depends.amax([1]), isInner: row == output.shape[2] / 2, $"{network}: row {row}");
            Covers(field.Axes[1]!, column, depends.amax([0]), isInner: column == output.shape[3] / 2, $"{network}: column {column}");
        }
    }

    // Everything it depends on lies in the field; away from the border the field is at most one stride of the layer's input wider.
    private static void Covers(AxisField axis, long position, Tensor along, bool isInner, string what)
    {
        var reached = along.data<float>().ToArray().Index().Where(value => value.Item > 1e-9f).Select(value => (long)value.Index).ToList();
        if (reached.Count == 0) return; // only padding
        var (first, last) = axis.At(position);
        Assert.True(first <= reached[0] && reached[^1] <= last, $"{what} depends on {reached[0]} … {reached[^1]}, the field says {first} … {last} ({axis})");
        if (isInner) Assert.True(last - first + 1 - (reached[^1] - reached[0] + 1) <= Math.Max(4, 2 * axis.Stride), $"{what} depends on {reached[0]} … {reached[^1]} only, the field says {first} … {last} ({axis})");
    }

    [Fact]
    public void Windows_alone_give_the_field_exactly()
    {
        var net = new Net();
        net.Convolution(3, 5, stride: 2, pads: [1, 2, 1, 2]).Pool(3, 2).Convolution(3, 3, dilation: 2);
        using var model = Toy.Open(net.Finished());
        var field = LayerCosts.Of(model, zeros(1, 1, Rows, Columns))[^1].Field!;
        Assert.Equal(new AxisField(7 + (4 * 4), 4, -1 - (2 * 4)), field.Axes[0]);
        Assert.Equal(new AxisField(9 + (4 * 4), 4, -2 - (2 * 4)), field.Axes[1]);
    }

    [Theory]
    [InlineData("global pooling")]
    [InlineData("attention")]
    [InlineData("a gate from all positions")]
    [InlineData("instance normalisation")]
    public void What_mixes_all_positions_sees_the_whole_input(string what)
    {
        var net = new Net();
        net.Convolution(3, 3, channels: 1, to: 2);
        if (what == "global pooling") net.Node("GlobalAveragePool");
        if (what == "attention") net.Reshape(1, 2, -1).Attention();
        if (what == "a gate from all positions") net.Gate();
        if (what == "instance normalisation") net.InstanceNorm();
        using var model = Toy.Open(net.Finished());
        var fields = LayerCosts.Of(model, zeros(1, 1, Rows, Columns)).Select(cost => cost.Field!).ToList();
        Assert.Equal(new AxisField(3, 1, -1), fields[0].Axes[0]);
        Assert.True(fields[^1].IsWhole);
    }

    [Fact]
    public void A_constant_branch_sees_nothing_and_spoils_nothing()
    {
        var net = new OnnxBuilder();
        var constant = net.Node("Relu", [net.Weight("table", [1, 1, Rows, Columns], new float[Rows * Columns])]);
        var sum = net.Node("Add", [net.Input("x", [1, 1, Rows, Columns]), constant]);
        using var model = Toy.Open(net.Output(net.Node("MaxPool", [sum], ("kernel_shape", new long[] { 3, 3 }))));
        Assert.Equal(new AxisField(3, 1, 0), LayerCosts.Of(model, zeros(1, 1, Rows, Columns))[^1].Field!.Axes[1]);
    }

    [Fact]
    public void Scripted_modules_are_told_like_ONNX_nodes()
    {
        using var scope = NewDisposeScope();
        using var source = new ScriptSource("Net").Parameter("weight", ones(2, 1, 3, 5)).Parameter("back", ones(2, 1, 2, 2)).Define("""
            def forward(self, x):
                y = torch.conv2d(x, self.weight, None, [2, 2], [1, 2])
                y = torch.relu_(torch.max_pool2d(y, [2, 2]))
                a, b = torch.chunk(y, 2, 1)
                y = torch.cat([a, b], 1).view(x.size(0), 2, y.size(2), y.size(3))
                y = torch.conv_transpose2d(y, self.back, None, [2, 2])
                return y.permute(0, 2, 3, 1)
            """);
        using var model = source.Open(1, 1, Rows, Columns);
        var costs = LayerCosts.Of(model, zeros(1, 1, Rows, Columns)).ToLookup(cost => cost.Layer.Op);
        Assert.Equal(24 * 20 * 2 * 15, costs["aten::conv2d"].Single().MultiplyAdds);
        Assert.Equal("AxisField { Size = 5, Stride = 4, Offset = -1 } AxisField { Size = 7, Stride = 4, Offset = -2 }", string.Join(' ', costs["aten::cat"].Single().Field!.Axes));
        Assert.Equal(12 * 10 * 2 * 4, costs["aten::conv_transpose2d"].Single().MultiplyAdds);
        Assert.Equal(new AxisField(7, 2, -3), costs["aten::conv_transpose2d"].Single().Field!.Axes[0]);
        Assert.True(costs["aten::permute"].Single().Field!.Axes.SequenceEqual(costs["aten::conv_transpose2d"].Single().Field!.Axes));
    }

    [Fact]
    public void Positions_are_rounded_outwards()
    {
        Assert.Equal((-3, 3), new AxisField(7, 2, -3).At(0));
        Assert.Equal((5, 11), new AxisField(7, 2, -3).At(4));
        Assert.Equal((-6, 6), new AxisField(11 + (2.0 / 3), 1.0 / 3, -5 - (2.0 / 3)).At(1));
    }
}
