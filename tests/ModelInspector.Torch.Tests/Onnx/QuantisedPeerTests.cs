using ModelInspector.Models.Onnx;
using ModelInspector.Numerics;

namespace ModelInspector.Torch.Tests.Onnx;

/// <summary>
/// Quantised networks beside ONNX Runtime. It adds up whole numbers where we add up the real ones that they stand for, so that a value on the
/// edge between two steps may fall to either side: a few values may be one step off, none further.
/// </summary>
public class QuantisedPeerTests
{
    private const float Step = 0.05f;

    private readonly OnnxBuilder net = new("quantised");
    private readonly Randomness random = new(7);

    [SkippableTheory]
    [InlineData(2)]
    [InlineData(3)]
    public void Rounding_and_turning_back_is_the_same_with_one_scale_and_with_one_a_channel(int type)
    {
        net.Input("x", [2, 3, 4, 5]);
        var zero = type == 2 ? 100 : -10;
        RoundTrip("x", Step, zero, type);
        net.Weight("scales", [3], [0.01f, 0.05f, 0.3f]);
        Whole("zeros", [zero, zero + 7, zero - 5], type, 3);
        net.Node("QuantizeLinear", ["x", "scales", "zeros"], ["each"], attributes: ("axis", 1));
        net.Output(net.Node("DequantizeLinear", ["each", "scales", "zeros"], ("axis", 1)));
        Compare(0.3f);
    }

    [SkippableTheory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    public void A_convolution_between_rounded_values_has_one_scale_a_channel(int group, int stride)
    {
        net.Input("x", [1, 4, 8, 9]);
        var x = RoundTrip("x", Step, 128, 2, isOutput: false);
        var scales = Weights("w", [6, 4 / group, 3, 3], perChannel: 6);
        net.Weight("bs", [6], [.. scales.Select(scale => scale * Step)]);
        Whole("b", [.. Enumerable.Range(0, 6).Select(i => (i * 40L) - 100)], 6, 6);
        net.Node("DequantizeLinear", ["w", "ws", "wz"], ["wr"], attributes: ("axis", 0)).Node("DequantizeLinear", ["b", "bs"], ["br"], attributes: ("axis", 0));
        var y = net.Node("Relu", [net.Node("Conv", [x, "wr", "br"], ("pads", new long[] { 1, 1, 1, 1 }), ("group", group), ("strides", new long[] { stride, stride }))]);
        RoundTrip(y, Step, 0, 2);
        Compare(Step);
    }

    [SkippableTheory]
    [InlineData(2, 120, 1)]
    [InlineData(2, 120, 2)]
    [InlineData(3, -7, 1)]
    public void A_fused_convolution_rounds_once_at_its_end(int type, int zero, int group)
    {
        net.Input("x", [1, 4, 8, 9]);
        Rounded("x", "q", Step, zero, type);
        Weights("w", [6, 4 / group, 3, 3], perChannel: 6);
        Whole("b", [.. Enumerable.Range(0, 6).Select(i => (i * 40L) - 100)], 6, 6);
        Scale("y", Step, zero, type);
        net.Node("QLinearConv", ["q", "q_s", "q_z", "w", "ws", "wz", "y_s", "y_z", "b"], ["r"],
            attributes: [("pads", new long[] { 0, 1, 1, 0 }), ("group", group), ("strides", new long[] { 2, 1 })]);
        net.Output(net.Node("DequantizeLinear", ["r", "y_s", "y_z"]));
        Compare(Step);
    }

    [SkippableFact]
    public void A_fused_product_rounds_once_at_its_end()
    {
        net.Input("x", [3, 5, 16]);
        Rounded("x", "q", Step, 130, 2);
        Whole("w", [.. Enumerable.Range(0, 16 * 6).Select(_ => (long)(random.Uniform(count++) * 255))], 2, 16, 6);
        Scale("w", 0.01f, 117, 2);
        Scale("y", Step, 90, 2);
        net.Node("QLinearMatMul", ["q", "q_s", "q_z", "w", "w_s", "w_z", "y_s", "y_z"], ["r"]);
        net.Output(net.Node("DequantizeLinear", ["r", "y_s", "y_z"]));
        Compare(Step);
    }

    [SkippableFact]
    public void Products_and_convolutions_of_integers_are_exact_when_the_input_is_rounded_as_it_comes()
    {
        net.Input("x", [1, 4, 6, 16]);
        net.Node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"]);
        Whole("w", [.. Enumerable.Range(0, 16 * 6).Select(_ => (long)(random.Uniform(count++) * 255))], 2, 16, 6);
        Whole("w_z", [117], 2);
        Whole("k", [.. Enumerable.Range(0, 3 * 4 * 9).Select(_ => (long)(random.Uniform(count++) * 255))], 2, 3, 4, 3, 3);
        foreach (var product in new[] { net.Node("MatMulInteger", ["q", "w", "z", "w_z"]), net.Node("ConvInteger", ["q", "k", "z", "w_z"], ("pads", new long[] { 1, 1, 1, 1 })) })
            net.Output(net.Node("Mul", [net.Node("Cast", [product], ("to", 1)), "s"]));
        Peer.Agrees(net, 1e-6);
    }

    private ulong count;

    private void Compare(float step)
    {
        foreach (var (name, theirs, ours) in Peer.Both(net))
            Near.EqualButFor(0.01, 1.01 * step / theirs.Values.Max(Math.Abs), theirs, ours, 1e-5, name);
    }

    private string RoundTrip(string x, float scale, long zero, int type, bool isOutput = true)
    {
        Rounded(x, $"{x}_q", scale, zero, type);
        var back = net.Node("DequantizeLinear", [$"{x}_q", $"{x}_q_s", $"{x}_q_z"]);
        if (isOutput) net.Output(back);
        return back;
    }

    private void Rounded(string x, string to, float scale, long zero, int type)
    {
        Scale(to, scale, zero, type);
        net.Node("QuantizeLinear", [x, $"{to}_s", $"{to}_z"], [to]);
    }

    private void Scale(string name, float scale, long zero, int type)
    {
        net.Weight($"{name}_s", [], [scale]);
        Whole($"{name}_z", [zero], type);
    }

    // Signed weights around zero, one scale for each of the channels they give. They fill seven bits: on processors without an instruction
    // for it, ONNX Runtime cuts off the sum of two products of eight bits at sixteen.
    private float[] Weights(string name, long[] shape, int perChannel)
    {
        float[] scales = [.. Enumerable.Range(1, perChannel).Select(i => 0.002f * i)];
        Whole(name, [.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(_ => (long)(random.Uniform(count++) * 127) - 63)], 3, shape);
        net.Weight($"{name}s", [perChannel], scales);
        Whole($"{name}z", new long[perChannel], 3, perChannel);
        return scales;
    }

    // Numbers of other types than the builder's own are made by a cast that is computed at load.
    private void Whole(string name, long[] values, int type, params long[] shape) =>
        net.Node("Cast", [net.Weight($"{name}_long", shape, values)], [name], attributes: ("to", type));
}
