using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ModelInspector.Models.Onnx;
using ModelInspector.Models.Onnx.Format;
using static TorchSharp.torch;

namespace ModelInspector.Benchmarks;

/// <summary>Writes an ONNX graph of convolutions, norms, pools and sums as TorchScript with the same weights, so that libtorch's own executor can run it.</summary>
internal static unsafe partial class ScriptModule
{
    private const string Library = "modelinspector_native";

    static ScriptModule() => NativeLibrary.SetDllImportResolver(typeof(ScriptModule).Assembly, (name, _, _) => name == Library ? NativeLibrary.Load(Bridge()) : 0);

    public static void Save(OnnxBuilder network, string path)
    {
        var graph = network.Graph;
        nint module;
        Check(mi_script_module("Net", &module));
        foreach (var weight in graph.Initializers)
        {
            using var values = Values(weight);
            Check(mi_script_parameter(module, Plain(weight.Name), values.Handle, 0));
        }
        var weights = graph.Initializers.Select(weight => weight.Name).ToHashSet();
        var lines = graph.Nodes.Select(node => $"    {Plain(node.Outputs[0])} = {Call(node, [.. node.Inputs.Select(input => weights.Contains(input) ? "self." + Plain(input) : Plain(input))])}");
        Check(mi_script_define(module, $"def forward(self, {Plain(graph.Inputs[0].Name)}):\n{string.Join('\n', lines)}\n    return {Plain(graph.Outputs[0].Name)}\n"));
        Check(mi_script_save(module, path));
        mi_script_module_free(module);
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

    private static string Bridge([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "src", "LibTorch", "native", "build", "libmodelinspector_native.so");

    private static void Check(byte* error)
    {
        if (error is not null) throw new InvalidOperationException(Marshal.PtrToStringUTF8((nint)error));
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* mi_script_module(string type, nint* module);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* mi_script_parameter(nint module, string name, nint value, byte buffer);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* mi_script_define(nint module, string source);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* mi_script_save(nint module, string path);

    [LibraryImport(Library)]
    private static partial void mi_script_module_free(nint module);
}
