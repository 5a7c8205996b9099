using ModelInspector.Datasets.Phantom;
using ModelInspector.Models.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ModelInspector.Samples;

/// <summary>
/// Writes a <see cref="PhantomNet"/> as ONNX, one node a layer: batch normalisation stays visible instead of being folded away, the batch
/// may have any size, and the output is the scores before soft-max. Nodes are named by module path, as PyTorch's exporter does.
/// </summary>
internal sealed class PhantomNetFile
{
    private const int Opset = 13;
    private readonly OnnxBuilder file;
    private string value;

    private PhantomNetFile(PhantomNet net, string name)
    {
        file = new OnnxBuilder(name, Opset);
        value = file.Input("image", [-1, 1, PhantomImage.Size, PhantomImage.Size]);
        foreach (var (number, layer) in net.Features) Add($"features.{number}", $"/features/features.{number}", layer);
        Append("GlobalAveragePool", "/pool", []);
        Append("Flatten", "/flatten", [], ("axis", 1L));
        Append("Gemm", "/classifier", Weights("classifier", ("weight", net.Classifier.weight), ("bias", net.Classifier.bias)), ("transB", 1L));
        file.Output(value, "logits", [-1, PhantomImage.Classes.Count]);
    }

    /// <summary>The bytes of the ONNX file.</summary>
    public static byte[] Bytes(PhantomNet net, string name) => new PhantomNetFile(net, name).file.ToArray();

    private void Add(string path, string node, nn.Module layer)
    {
        switch (layer)
        {
            case Conv2d convolution:
                Append("Conv", node, Weights(path, ("weight", convolution.weight)),
                    ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 1, 1 }));
                break;
            case BatchNorm2d norm:
                Append("BatchNormalization", node,
                    Weights(path, ("weight", norm.weight), ("bias", norm.bias), ("running_mean", norm.running_mean), ("running_var", norm.running_var)),
                    ("epsilon", 1e-5f));
                break;
            case ReLU:
                Append("Relu", node, []);
                break;
            case MaxPool2d:
                Append("MaxPool", node, [], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
                break;
            default:
                throw new InvalidOperationException($"{path} is a {layer.GetType().Name}, for which there is no ONNX node here.");
        }
    }

    private void Append(string op, string node, string[] weights, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        var output = op == "Gemm" ? "logits" : $"{node}/{op}_output_0";
        file.Node(op, [value, .. weights], [output], $"{node}/{op}", attributes: attributes);
        value = output;
    }

    private string[] Weights(string path, params ReadOnlySpan<(string Name, Tensor? Values)> tensors)
    {
        var names = new List<string>();
        foreach (var (name, values) in tensors)
        {
            using var plain = values!.detach().contiguous();
            names.Add(file.Weight($"{path}.{name}", plain.shape, plain.data<float>().ToArray()));
        }
        return [.. names];
    }
}
