using System.Collections.Immutable;
using ModelInspector.Models.Onnx.Format;
using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx;

/// <summary>
/// Opens ONNX files. Every node on the way from input to output is a layer; what depends on constants alone is computed once;
/// real numbers of any width are computed as float32.
/// </summary>
public sealed class OnnxLoader : IModelLoader
{
    /// <inheritdoc/>
    public string Format => "ONNX";

    /// <inheritdoc/>
    public bool Recognises(string path, ReadOnlySpan<byte> head) =>
        path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
        || (head.Length > 2 && head[0] == 8 && head[1] is > 0 and < 32 && head[2] is 0x12 or 0x3A or 0x42);

    /// <inheritdoc/>
    public IModel Open(string path, OpenOptions options)
    {
        using var file = new OnnxFile(path, Devices.Of(options.Device));
        var compiled = GraphCompiler.Compile(file);
        var (graph, program) = Assembled(file, path, compiled);
        try
        {
            return Measured(graph, program, options);
        }
        catch
        {
            new GraphModel(graph, program).Dispose();
            throw;
        }
    }

    private static IModel Measured(ModelGraph graph, GraphProgram program, OpenOptions options)
    {
        var shapes = graph.Inputs.Select((port, index) => Shape(port, index == 0 ? options.InputShape : null)).ToImmutableArray();
        if (shapes.Any(shape => shape is null)) return new GraphModel(graph, program);
        try
        {
            return DryRun.Measure(graph, program, [.. shapes.Select(shape => shape!.Value)], device(options.Device), Batch(graph));
        }
        catch (InputException) when (graph.Inputs.Length != 1 || !graph.Inputs[0].Type.StartsWith("float", StringComparison.Ordinal))
        {
            // Made-up indices, scales and shapes may be impossible ones; then only true inputs can tell.
            return new GraphModel(graph, program);
        }
    }

    private static long? Batch(ModelGraph graph) => graph.Inputs.IsEmpty || graph.Inputs[0].Shape is not [> 0, ..] ? null : graph.Inputs[0].Shape[0];

    // A free first size is the batch; any other free size could be anything.
    private static ImmutableArray<long>? Shape(Port port, ImmutableArray<long>? given)
    {
        if (given is not null) return given;
        var shape = port.Shape.Select((size, axis) => size < 0 && axis == 0 ? 1 : size).ToImmutableArray();
        return shape.Any(size => size < 0) || (shape.IsEmpty && port.Type.Length == 0) ? null : shape;
    }

    private static (ModelGraph Graph, GraphProgram Program) Assembled(OnnxFile file, string path, CompiledGraph compiled)
    {
        var steps = LayerSteps.Of(compiled);
        var opset = file.Model.Opsets.FirstOrDefault(opset => opset.Domain.Length == 0)?.Version ?? 1;
        var graph = new ModelGraph(
            Path.GetFileName(path),
            $"ONNX opset {opset}",
            file.Sha256(),
            [.. compiled.Inputs.Select(Described)],
            [.. compiled.Outputs.Select(Described)],
            [.. steps.Select(step => step.Layer).OfType<Layer>()])
        { Notes = Notes.Of(file, compiled) };
        return (graph, new GraphProgram(compiled.Slots, compiled.InputSlots, compiled.OutputSlots,
            compiled.Constants.ToDictionary(constant => constant.Key, constant => (object?)constant.Value), steps));
    }

    private static Port Described(ValueInfo value) =>
        new(value.Name, value.Shape ?? [], value.Type == ElementType.Undefined ? "" : value.Type.Text());
}
