using ModelInspector.Models;
using ModelInspector.Models.Onnx;

namespace ModelInspector.Benchmarks;

/// <summary>A network of ResNet-18's shape with random weights and batch norms folded into the convolutions, written as an ONNX file and read back.</summary>
internal static class ResNet18
{
    public static IModel Open()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".onnx");
        Written().Save(file);
        try
        {
            return Model.Open(file, new OpenOptions(InputShape: [1, 3, 224, 224]));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static OnnxBuilder Written()
    {
        var (net, weights) = (new OnnxBuilder("resnet18"), new Weights());
        var x = Relu(net, weights.Conv(net, net.Input("image", [-1, 3, 224, 224]), 3, 64, 7, 2), "stem.relu");
        x = net.Node("MaxPool", [x], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }));
        foreach (var (stage, channels) in new long[] { 64, 128, 256, 512 }.Index())
            for (var block = 0; block < 2; block++)
            {
                var (given, stride) = block == 0 && stage > 0 ? (channels / 2, 2L) : (channels, 1L);
                var path = Relu(net, weights.Conv(net, x, given, channels, 3, stride), $"layer{stage + 1}.{block}.relu1");
                path = weights.Conv(net, path, channels, channels, 3, 1);
                var shortcut = stride == 1 ? x : weights.Conv(net, x, given, channels, 1, stride);
                x = Relu(net, net.Node("Add", [path, shortcut]), $"layer{stage + 1}.{block}.relu2");
            }
        x = net.Node("Flatten", [net.Node("GlobalAveragePool", [x])]);
        return net.Output(net.Node("Gemm", [x, weights.Of(net, [1000, 512], 512), weights.Of(net, [1000], 1000)], ("transB", 1L)), "scores");
    }

    private static string Relu(OnnxBuilder net, string from, string name)
    {
        net.Node("Relu", [from], [name + ".out"], node: "/" + name.Replace('.', '/') + "/Relu");
        return name + ".out";
    }

    private sealed class Weights
    {
        private readonly Random random = new(1);
        private int count;

        public string Conv(OnnxBuilder net, string from, long channels, long outputs, long kernel, long stride) =>
            net.Node("Conv", [from, Of(net, [outputs, channels, kernel, kernel], channels * kernel * kernel), Of(net, [outputs], 100)],
                ("strides", new[] { stride, stride }), ("pads", new[] { kernel / 2, kernel / 2, kernel / 2, kernel / 2 }));

        public string Of(OnnxBuilder net, long[] shape, long fanIn)
        {
            var values = new float[shape.Aggregate((a, b) => a * b)];
            for (var i = 0; i < values.Length; i++) values[i] = (float)((random.NextDouble() - 0.5) * 2 * Math.Sqrt(3.0 / fanIn));
            return net.Weight($"w{count++}", shape, values);
        }
    }
}
