using ModelInspector.Models;
using ModelInspector.Models.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests;

/// <summary>Small networks with random weights, written as ONNX files and read back: as a user's network, with real operators.</summary>
internal static class Nets
{
    /// <summary>Convolutions with ReLUs and constants, global average pooling, a linear head: (n, 2, 12, 12), or (n, 2, 6, 12, 12) for three axes.</summary>
    public static GraphModel Pooled(int axes = 2, string pool = "GlobalAveragePool", bool hidden = false)
    {
        var net = new Written(axes, seed: 11);
        var x = net.Relu(net.Conv(net.Input(2), 2, 5));
        x = net.Relu(net.Conv(x, 5, 6, stride: 2));
        x = net.Node("Flatten", net.Node(pool, x));
        if (hidden) x = net.Relu(net.Linear(x, 6, 6));
        return net.Open(net.Linear(x, 6, 4));
    }

    /// <summary>A residual network with a strided stem, a padded pool, two blocks (the second halves the image) and a linear head.</summary>
    public static GraphModel Residual(int axes = 2, int channels = 4, long size = 12)
    {
        var net = new Written(axes, seed: 5, size);
        var x = net.Relu(net.Conv(net.Input(3), 3, channels, kernel: 5, stride: 2));
        x = net.Pool(x, 3, 2);
        x = net.Block(x, channels, channels, 1);
        x = net.Block(x, channels, 2 * channels, 2);
        return net.Open(net.Linear(net.Node("Flatten", net.Node("GlobalAveragePool", x)), 2 * channels, 5));
    }

    /// <summary>Patches of 4 × 4 as 9 tokens of 4 values, one head of attention with a residual sum, the mean of all tokens, a linear head: (n, 2, 12, 12).</summary>
    public static GraphModel Tokens()
    {
        var net = new Written(2, seed: 3);
        var x = net.Tokens(net.Conv(net.Input(2), 2, 4, kernel: 4, stride: 4, pad: 0));
        x = net.Add(x, net.Attended(x));
        return net.Open(net.Linear(net.MeanOfTokens(x), 4, 3));
    }

    /// <summary>A network in the making.</summary>
    internal sealed class Written(int axes, int seed, long size = 12)
    {
        private readonly OnnxBuilder net = new("net");
        private readonly Random random = new(seed);
        private int weights;

        public string Input(long channels) => net.Input("x", [-1, channels, .. Positions()]);

        public string Node(string op, string from) => net.Node(op, [from]);

        public string Node(string op, ReadOnlySpan<string> from, params ReadOnlySpan<OnnxAttribute> settings) => net.Node(op, from, settings);

        public string Relu(string from) => net.Node("Relu", [from]);

        public string Add(string left, string right) => net.Node("Add", [left, right]);

        public string Conv(string from, long channels, long outputs, long kernel = 3, long stride = 1, long? pad = null, long dilation = 1, long groups = 1) =>
            net.Node("Conv", [from, Weight([outputs, channels / groups, .. Each(kernel)], channels / groups * Math.Pow(kernel, axes)), Weight([outputs], 4)],
                ("strides", Each(stride)), ("pads", (long[])[.. Each(pad ?? dilation * (kernel / 2)), .. Each(pad ?? dilation * (kernel / 2))]), ("dilations", Each(dilation)), ("group", groups));

        // (n, values, rows, columns) → (n, tokens, values)
        public string Tokens(string from) =>
            net.Node("Transpose", [net.Node("Reshape", [from, net.Weight("flat", [3], [0L, 0, -1])])], ("perm", new long[] { 0, 2, 1 }));

        public string Attended(string tokens) =>
            net.Node("MatMul", [net.Node("Softmax", [net.Node("MatMul", [tokens, net.Node("Transpose", [tokens], ("perm", new long[] { 0, 2, 1 }))])], ("axis", -1L)), tokens]);

        public string Normed(string tokens, long values) => net.Node("LayerNormalization", [tokens, Weight([values], 1), Weight([values], 4)], ("axis", -1L));

        public string MeanOfTokens(string tokens) => net.Node("ReduceMean", [tokens], ("axes", new long[] { 1 }), ("keepdims", 0L));

        public string Pool(string from, long kernel, long stride) =>
            net.Node("MaxPool", [from], ("kernel_shape", Each(kernel)), ("strides", Each(stride)), ("pads", (long[])[.. Each(kernel / 2), .. Each(kernel / 2)]));

        public string Pool(string from, string op, long kernel, long stride, long pad = 0, long ceil = 0, long counted = 0) => op == "AveragePool"
            ? net.Node(op, [from], ("kernel_shape", Each(kernel)), ("strides", Each(stride)), ("pads", (long[])[.. Each(pad), .. Each(pad)]), ("ceil_mode", ceil), ("count_include_pad", counted))
            : net.Node(op, [from], ("kernel_shape", Each(kernel)), ("strides", Each(stride)), ("pads", (long[])[.. Each(pad), .. Each(pad)]), ("ceil_mode", ceil));

        public string Concat(params string[] from) => net.Node("Concat", from, ("axis", 1L));

        public string Linear(string from, long inputs, long outputs) =>
            net.Node("Gemm", [from, Weight([outputs, inputs], inputs), Weight([outputs], 4)], ("transB", 1L));

        public string Block(string x, long channels, long outputs, long stride)
        {
            var path = Conv(Relu(Conv(x, channels, outputs, stride: stride)), outputs, outputs);
            return Relu(Add(path, stride == 1 && channels == outputs ? x : Conv(x, channels, outputs, kernel: 1, stride: stride)));
        }

        public GraphModel Open(string scores) => (GraphModel)Onnx.Toy.Open(net.Output(scores, "scores"));

        private long[] Positions() => axes == 3 ? [size / 2, size, size] : [.. Each(size)];

        private long[] Each(long value) => [.. Enumerable.Repeat(value, axes)];

        private string Weight(long[] shape, double fanIn)
        {
            var values = new float[shape.Aggregate((a, b) => a * b)];
            for (var i = 0; i < values.Length; i++) values[i] = (float)((random.NextDouble() - 0.5) * 2 * Math.Sqrt(6 / fanIn));
            return net.Weight($"w{weights++}", shape, values);
        }
    }
}
