using System.Runtime.InteropServices;
using ModelInspector.Models.Onnx;
using ModelInspector.Models.Onnx.Format;
using ModelInspector.Torch.Tests.TorchScript;
using static TorchSharp.torch;

namespace ModelInspector.Benchmarks;

/// <summary>Writes an ONNX graph of convolutions, norms, pools and sums as TorchScript with the same weights, so that libtorch's own executor can run it.</summary>
internal static class ScriptModule
{
    public static void Save(OnnxBuilder network, string path)
    {
        var graph = network.Graph;
        using var module = new ScriptSource("Net");
        foreach (var weight in graph.Initializers)
        {
            using var values = Values(weight);
            module.Parameter(Plain(weight.Name), values);
        }
        var weights = graph.Initializers.Select(weight => weight.Name).ToHashSet();
        var lines = graph.Nodes.Select(node => $"    {Plain(node.Outputs[0])} = {Call(node, [.. node.Inputs.Select(input => weights.Contains(input) ? "self." + Plain(input) : Plain(input))])}");
        module.Define($"def forward(self, {Plain(graph.Inputs[0].Name)}):\n{string.Join('\n', lines)}\n    return {Plain(graph.Outputs[0].Name)}").Save(path);
    }

    private static string Call(NodeProto node, string[] given) => node.Op switch
    {
        "Conv" => $"torch.conv2d({given[0]}, {given[1]}, None, {Ints(node, "strides")}, {Half(node, "pads")}, [1, 1], {node.Attribute("group")!.Int})",
        "BatchNormalization" => $"torch.batch_norm({given[0]}, {given[1]}, {given[2]}, {given[3]}, {given[4]}, False, 0.1, 1e-5, False)",
        "MaxPool" => $"torch.max_pool2d({given[0]}, {Ints(node, "kernel_shape")}, {Ints(node, "strides")}, {Half(node, "pads")})",
        "GlobalAveragePool" => $"torch.adaptive_avg_pool2d({given[0]}, [1, 1])",
        "Relu" => $"torch.relu({given[0]})",
        "Add" => $"torch.add({given[0]}, {given[1]})",
        "Flatten" => $"torch.flatten({given[0]}, 1)",
        "Gemm" => $"torch.linear({given[0]}, {given[1]}, {given[2]})",
        "Identity" => given[0],
        _ => throw new NotSupportedException(node.Op),
    };

    private static string Ints(NodeProto node, string name) => $"[{string.Join(", ", node.Attribute(name)!.Ints)}]";

    private static string Half(NodeProto node, string name) => $"[{string.Join(", ", node.Attribute(name)!.Ints.Take(2))}]";

    private static string Plain(string name) => "v_" + name.Replace('.', '_').Replace('/', '_');

    private static Tensor Values(TensorProto weight)
    {
        var bytes = ((TensorData.Inline)weight.Data).Bytes;
        return tensor(MemoryMarshal.Cast<byte, float>(bytes.Span).ToArray()).reshape([.. weight.Shape]);
    }
}
