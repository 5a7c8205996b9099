using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ModelInspector.Capture;
using ModelInspector.Models;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Onnx;

/// <summary>A second opinion: what ONNX Runtime says of the same files.</summary>
public class PeerTests
{
    private static readonly string Peers = Path.Combine(Shared.Repository, "tests", "peers");

    /// <summary>More networks to compare, where a folder of them is named.</summary>
    private static string? Further => Environment.GetEnvironmentVariable("MODELINSPECTOR_MODELS");

    // The super-resolution network names no operator set, so ONNX Runtime does not open it.
    [SkippableTheory]
    [InlineData("cifar-resnet20", 1e-4)]
    [InlineData("fashion-cnn", 1e-4)]
    [InlineData("mnist-cntk", 1e-4)]
    [InlineData("squeezenet-imagenet-fp16", 2e-2)] // ONNX Runtime computes it in half precision
    [InlineData("ultraface-rfb-320", 1e-4)]
    [InlineData("fastestdet-coco", 1e-4)]
    public void A_real_network_gives_what_ONNX_Runtime_gives(string name, double tolerance) =>
        Compare(Path.Combine(Shared.Folder("real"), "models", name + ".onnx"), tolerance);

    [SkippableFact]
    public void Every_network_of_a_folder_gives_what_ONNX_Runtime_gives()
    {
        Skip.If(Further is null, "No folder of networks is named by MODELINSPECTOR_MODELS.");
        foreach (var file in Directory.GetFiles(Further!, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal)) Compare(file, 1e-3);
    }

    private static void Compare(string file, double tolerance)
    {
        Skip.IfNot(Directory.Exists(Path.Combine(Peers, "node_modules", "onnxruntime-node")), "ONNX Runtime is not here: npm install --ignore-scripts in tests/peers.");
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var folder = new TemporaryFolder();
        using var model = Model.Open(file);
        var inputs = model.Graph.Inputs.ToDictionary(port => port.Name, port => Drawn.Even(2, [.. port.Shape.Select(size => Math.Max(1, size))]));
        var ours = model.Run(Inputs.Named(inputs));
        Ask(file, folder.Path, model.Graph.Inputs.Select(port => Given(port, inputs[port.Name], folder.Path)));
        foreach (var (index, output) in model.Graph.Outputs.Index())
        {
            var mine = Batches.ToArray(ours[output.Name]);
            Near.Equal(new NdArray(mine.Shape, Answer(folder.Path, index)), mine, tolerance, $"{Path.GetFileName(file)}: {output.Name}");
        }
    }

    private static string[] Given(Port port, Tensor input, string folder)
    {
        var (path, values) = (Path.Combine(folder, $"{Guid.NewGuid():N}.bin"), Batches.ToArray(input).Values);
        File.WriteAllBytes(path, port.Type == "float16"
            ? MemoryMarshal.AsBytes(Array.ConvertAll(values, value => (Half)value).AsSpan()).ToArray()
            : MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
        return [port.Name, port.Type, string.Join(',', input.shape.Select(size => size.ToString(CultureInfo.InvariantCulture))), path];
    }

    private static float[] Answer(string folder, int index)
    {
        var single = Path.Combine(folder, $"{index}.float32");
        return File.Exists(single) ? MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(single)).ToArray()
            : Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(File.ReadAllBytes(Path.Combine(folder, $"{index}.float16"))).ToArray(), value => (float)value);
    }

    private static void Ask(string file, string folder, IEnumerable<string[]> inputs)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Peers, "onnxruntime.mjs"), file, folder, .. inputs.SelectMany(input => input)]) { RedirectStandardError = true };
        using var node = Process.Start(start)!;
        var complaint = node.StandardError.ReadToEnd();
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, complaint);
    }
}
