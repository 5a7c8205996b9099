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
    private readonly OnnxChain chain;

    private PhantomNetFile(PhantomNet net, string name)
    {
        file = new OnnxBuilder(name, Opset);
        chain = new OnnxChain(file, file.Input("image", [-1, 1, PhantomImage.Size, PhantomImage.Size]));
        foreach (var (number, layer) in net.Features) Add($"features.{number}", $"/features/features.{number}", layer);
        chain.Append("GlobalAveragePool", "/pool", []);
        chain.Classifier(net.Classifier, PhantomImage.Classes.Count);
    }

    /// <summary>The bytes of the ONNX file.</summary>
    public static byte[] Bytes(PhantomNet net, string name) => new PhantomNetFile(net, name).file.ToArray();

    private void Add(string path, string node, nn.Module layer)
    {
        switch (layer)
        {
            case Conv2d convolution: chain.Convolution(path, node, convolution.weight); break;
            case BatchNorm2d norm: chain.Normalisation(path, node, norm); break;
            case ReLU: chain.Append("Relu", node, []); break;
            case MaxPool2d: chain.Pooling("MaxPool", node, 2); break;
            default: throw new InvalidOperationException($"{path} is a {layer.GetType().Name}, for which there is no ONNX node here.");
        }
    }
}
