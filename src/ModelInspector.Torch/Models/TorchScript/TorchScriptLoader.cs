using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.TorchScript;

/// <summary>
/// Opens TorchScript files, traced or scripted. Layers are named by module path; every tensor operation is a layer.
/// Weights are frozen; other floating types are computed as float32.
/// </summary>
public sealed class TorchScriptLoader : IModelLoader
{
    private static readonly string[] Extensions = [".pt", ".pth", ".ts", ".torchscript", ".jit"];

    /// <inheritdoc/>
    public string Format => "TorchScript";

    /// <inheritdoc/>
    public bool Recognises(string path, ReadOnlySpan<byte> head) =>
        head.StartsWith("PK\x03\x04"u8) || Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public IModel Open(string path, OpenOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var file = Load(path, options.Device, withLines: ScriptArchive.Check(path));
        try
        {
            return Shaped(Network(file, options.InputShape), Path.GetFileName(path), Sha256(path), Notes(file), options);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static ScriptFile Load(string path, string device, bool withLines)
    {
        try
        {
            return ScriptFile.Load(path, Devices.Of(device), withLines);
        }
        catch (ExternalException error)
        {
            throw new InputException($"{path} is TorchScript that cannot be opened: {error.Message.TrimEnd('.', ' ')}. Export it anew with torch.jit.trace, or to ONNX.", error);
        }
    }

    private static ScriptNetwork Network(ScriptFile file, ImmutableArray<long>? shape)
    {
        var compiler = new ScriptCompiler(file);
        var inputs = ScriptPorts.Inputs(file, compiler.Tape, shape);
        var returned = compiler.Compile([.. inputs.Select(input => input.Value)]);
        return new ScriptNetwork(
            compiler.Tape,
            compiler.Calls,
            [.. inputs.Where(input => input.Port is not null).Select(input => (input.Port!, ((Slot)input.Value).Index))],
            ScriptPorts.Outputs(compiler.Tape, returned));
    }

    private static ImmutableArray<string> Notes(ScriptFile file) => file.Plan.Converted == 0 ? []
        : [$"{file.Plan.Converted} tensors are stored as another floating type than float32; everything is computed as float32."];

    /// <summary>The model, its layers' shapes filled in by one run on zeros where the input's shape is known.</summary>
    private static GraphModel Shaped(ScriptNetwork network, string name, string sha256, ImmutableArray<string> notes, OpenOptions options)
    {
        var graph = network.Graph(name, sha256, notes, ImmutableDictionary<string, ImmutableArray<long>>.Empty);
        var model = new GraphModel(graph, network.Program(graph));
        if (options.InputShape is not { } shape || graph.Inputs.Length != 1) return model;
        var known = network.Graph(name, sha256, notes, Shapes(model, shape, Devices.Of(options.Device)));
        return new GraphModel(known, network.Program(known));
    }

    private static Dictionary<string, ImmutableArray<long>> Shapes(GraphModel model, ImmutableArray<long> shape, Device device)
    {
        var shapes = new Dictionary<string, ImmutableArray<long>>();
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        model.Run(zeros([.. shape], device: device), (layer, _, output) =>
        {
            shapes[layer.Name] = [.. output.shape];
            return null;
        });
        return shapes;
    }

    private static string Sha256(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
