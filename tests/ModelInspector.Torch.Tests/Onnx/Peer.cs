using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ModelInspector.Capture;
using ModelInspector.Models;
using ModelInspector.Models.Onnx;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Onnx;

/// <summary>ONNX Runtime, asked about the same files; what it gives is compared with what we give.</summary>
internal static class Peer
{
    private static readonly string Folder = Path.Combine(Shared.Repository, "tests", "peers");

    /// <summary>Every output of a network is what ONNX Runtime says, for values drawn between -2 and 2.</summary>
    /// <param name="network">The network.</param>
    /// <param name="tolerance">Allowed difference, as a share of an output's largest value.</param>
    public static void Agrees(OnnxBuilder network, double tolerance)
    {
        foreach (var (name, theirs, ours) in Both(network)) Near.Equal(theirs, ours, tolerance, name);
    }

    /// <summary>As above, for a file and values drawn between 0 and 1.</summary>
    public static void Agrees(string file, double tolerance)
    {
        foreach (var (name, theirs, ours) in Both(file, drawn => drawn)) Near.Equal(theirs, ours, tolerance, $"{Path.GetFileName(file)}: {name}");
    }

    /// <summary>What ONNX Runtime and we say of a network, output by output.</summary>
    public static (string Name, NdArray Theirs, NdArray Ours)[] Both(OnnxBuilder network)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "network.onnx");
        network.Save(file);
        return Both(file, drawn => (drawn * 4) - 2);
    }

    private static (string Name, NdArray Theirs, NdArray Ours)[] Both(string file, Func<Tensor, Tensor> spread)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var model = Model.Open(file);
        var inputs = model.Graph.Inputs.ToDictionary(port => port.Name, port => spread(Drawn.Even(2, [.. port.Shape.Select(size => Math.Max(1, size))])));
        var theirs = Outputs(file, model, inputs);
        var ours = model.Run(Inputs.Named(inputs));
        return [.. model.Graph.Outputs.Zip(theirs, (output, values) => Paired(output.Name, values, Batches.ToArray(ours[output.Name])))];
    }

    private static (string Name, NdArray Theirs, NdArray Ours) Paired(string name, float[] theirs, NdArray ours) => (name, new NdArray(ours.Shape, theirs), ours);

    private static float[][] Outputs(string file, IModel model, IReadOnlyDictionary<string, Tensor> inputs)
    {
        Skip.IfNot(Directory.Exists(Path.Combine(Folder, "node_modules", "onnxruntime-node")), "ONNX Runtime is not here: npm install --ignore-scripts in tests/peers.");
        using var folder = new TemporaryFolder();
        Ask(file, folder.Path, model.Graph.Inputs.Select(port => Written(port, inputs[port.Name], folder.Path)));
        return [.. model.Graph.Outputs.Select((_, index) => Answer(folder.Path, index))];
    }

    private static string[] Written(Port port, Tensor input, string folder)
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
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, "onnxruntime.mjs"), file, folder, .. inputs.SelectMany(input => input)]) { RedirectStandardError = true };
        using var node = Process.Start(start)!;
        var complaint = node.StandardError.ReadToEnd();
        node.WaitForExit();
        Assert.True(node.ExitCode == 0, complaint);
    }
}
