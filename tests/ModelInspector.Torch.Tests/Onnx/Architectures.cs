using ModelInspector.Models.Onnx;

namespace ModelInspector.Torch.Tests.Onnx;

/// <summary>Well-known networks with small made-up weights, written as PyTorch's exporter names them.</summary>
internal sealed class Architectures(long classes = 1000)
{
    private readonly OnnxBuilder net = new("network");
    private readonly Random random = new(5);

    /// <summary>ResNet-18 for images of 224 × 224, batch norms kept.</summary>
    public static OnnxBuilder ResNet18(long batch = -1, long classes = 1000) => new Architectures(classes).ResNet(batch);

    /// <summary>MobileNetV2's body of inverted residuals for images of 224 × 224, batch norms kept.</summary>
    public static OnnxBuilder MobileNet(long batch = -1, long classes = 1000) => new Architectures(classes).Inverted(batch);

    private OnnxBuilder ResNet(long batch)
    {
        var x = Activated(Normalised("conv1", "bn1", net.Input("image", [batch, 3, 224, 224]), 3, 64, kernel: 7, stride: 2), "relu");
        x = Node("MaxPool", [x], "maxpool", ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }));
        long[] widths = [64, 64, 128, 256, 512];
        for (var stage = 1; stage <= 4; stage++)
            for (var block = 0; block < 2; block++)
                x = Basic($"layer{stage}.{block}", x, block == 0 ? widths[stage - 1] : widths[stage], widths[stage], stage > 1 && block == 0 ? 2 : 1);
        return Head(Node("GlobalAveragePool", [x], "avgpool"), "fc", 512);
    }

    private OnnxBuilder Inverted(long batch)
    {
        var x = Activated(Normalised("features.0.0", "features.0.1", net.Input("image", [batch, 3, 224, 224]), 3, 32, stride: 2), "features.0.2");
        var (width, number) = (32L, 1);
        foreach (var (expand, channels, count, first) in ((long, long, int, int)[])[(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)])
            for (var block = 0; block < count; block++, width = channels, number++)
                x = InvertedResidual($"features.{number}", x, width, channels, expand, block == 0 ? first : 1);
        x = Activated(Normalised("features.18.0", "features.18.1", x, 320, 1280, kernel: 1), "features.18.2");
        return Head(Node("GlobalAveragePool", [x], "pool"), "classifier", 1280);
    }

    private string Basic(string name, string x, long from, long to, int stride)
    {
        var y = Activated(Normalised($"{name}.conv1", $"{name}.bn1", x, from, to, stride: stride), $"{name}.relu");
        y = Normalised($"{name}.conv2", $"{name}.bn2", y, to, to);
        var shortcut = stride == 1 && from == to ? x : Normalised($"{name}.downsample.0", $"{name}.downsample.1", x, from, to, kernel: 1, stride: stride);
        return Activated(Node("Add", [y, shortcut], $"{name}.add"), $"{name}.relu2");
    }

    private string InvertedResidual(string name, string x, long from, long to, long expand, int stride)
    {
        var (y, inner) = (x, from * expand);
        if (expand > 1) y = Activated(Normalised($"{name}.conv.0.0", $"{name}.conv.0.1", y, from, inner, kernel: 1), $"{name}.conv.0.2");
        y = Activated(Normalised($"{name}.conv.1.0", $"{name}.conv.1.1", y, inner, inner, stride: stride, groups: inner), $"{name}.conv.1.2");
        y = Normalised($"{name}.conv.2", $"{name}.conv.3", y, inner, to, kernel: 1);
        return stride == 1 && from == to ? Node("Add", [x, y], $"{name}.add") : y;
    }

    private OnnxBuilder Head(string x, string name, long width)
    {
        var flat = Node("Flatten", [x], "flatten", ("axis", 1L));
        var scores = Node("Gemm", [flat, Weight($"{name}.weight", [classes, width]), Weight($"{name}.bias", [classes])], name, ("transB", 1L));
        return net.Output(scores, "scores", [-1, classes]);
    }

    private string Normalised(string convolution, string norm, string x, long from, long to, long kernel = 3, int stride = 1, long groups = 1)
    {
        var pad = kernel / 2;
        var y = Node("Conv", [x, Weight($"{convolution}.weight", [to, from / groups, kernel, kernel])], convolution,
            ("kernel_shape", new[] { kernel, kernel }), ("strides", new long[] { stride, stride }), ("pads", new[] { pad, pad, pad, pad }), ("group", groups));
        return Node("BatchNormalization", [y, Weight($"{norm}.weight", [to], 1), Weight($"{norm}.bias", [to]), Weight($"{norm}.running_mean", [to]), Weight($"{norm}.running_var", [to], 1)], norm);
    }

    private string Activated(string x, string name) => Node("Relu", [x], name);

    private string Node(string op, string[] inputs, string name, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        net.Node(op, inputs, [name + "_output"], node: $"/{name.Replace('.', '/')}/{op}", attributes: attributes);
        return name + "_output";
    }

    // He's spread, around a value.
    private string Weight(string name, long[] shape, float around = 0)
    {
        var (values, inputs) = (new float[shape.Aggregate(1L, (a, b) => a * b)], shape.Skip(1).Aggregate(1L, (a, b) => a * b));
        var spread = shape.Length == 1 ? 0.1 : Math.Sqrt(6.0 / inputs);
        for (var i = 0; i < values.Length; i++) values[i] = around + (float)(((2 * random.NextDouble()) - 1) * spread);
        return net.Weight(name, shape, values);
    }
}
