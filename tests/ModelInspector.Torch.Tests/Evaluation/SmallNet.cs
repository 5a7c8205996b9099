using ModelInspector.Models;
using ModelInspector.Models.Onnx;
using ModelInspector.Numerics;
using ModelInspector.Torch.Tests.Onnx;

namespace ModelInspector.Torch.Tests.Evaluation;

/// <summary>A classifier of 8×8 images, into three classes unless told otherwise, with stored, random weights.</summary>
internal static class SmallNet
{
    public static IModel Open() => Toy.Open(Builder());

    // Convolution, ReLU, convolution, ReLU, mean over positions, linear with bias 0.5. A batch that is given is the only one it can run.
    public static OnnxBuilder Builder(long batch = -1, int classes = 3)
    {
        var net = new OnnxBuilder("net", 13);
        var x = net.Input("x", [batch, 1, 8, 8]);
        x = Relu(net, Conv(net, x, 0, 1, 6), 0);
        x = Relu(net, Conv(net, x, 1, 6, 6), 1);
        net.Node("GlobalAveragePool", [x], ["pooled"], "/pool");
        if (batch < 0) net.Node("Flatten", ["pooled"], ["flat"], "/flatten", attributes: [("axis", 1L)]);
        else net.Node("Reshape", ["pooled", net.Weight("shape", [2], [batch, 6L])], ["flat"], "/flatten");
        net.Node("Gemm", ["flat", net.Weight("fc.weight", [classes, 6], Normal(6 * classes, 9)), net.Weight("fc.bias", [classes], [.. Enumerable.Repeat(0.5f, classes)])], ["y"], "/fc/Gemm", attributes: [("transB", 1L)]);
        return net.Output("y", "y", [batch, classes]);
    }

    private static string Conv(OnnxBuilder net, string x, int number, int from, int to)
    {
        net.Node("Conv", [x, net.Weight($"conv{number}.weight", [to, from, 3, 3], Normal(to * from * 9, (ulong)number)), net.Weight($"conv{number}.bias", [to], Normal(to, 5 + (ulong)number))],
            [$"c{number}"], $"/conv{number}/Conv", attributes: [("pads", new long[] { 1, 1, 1, 1 })]);
        return $"c{number}";
    }

    private static string Relu(OnnxBuilder net, string x, int number)
    {
        net.Node("Relu", [x], [$"r{number}"], $"/relu{number}/Relu");
        return $"r{number}";
    }

    private static float[] Normal(int count, ulong stream)
    {
        var random = new Randomness(11, stream);
        return [.. Enumerable.Range(0, count).Select(i => (float)(0.4 * random.Normal((ulong)i)))];
    }
}
