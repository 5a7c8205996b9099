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
        if (SampleInputs.Shapes(graph, options.InputShape) is not { } shapes) return new GraphModel(graph, program);
        try
        {
            return DryRun.Measure(graph, program, shapes, device(options.Device), Batch(graph));
        }
        catch (InputException) when (graph.Inputs.Length != 1 || !graph.Inputs[0].Type.StartsWith("float", StringComparison.Ordinal))
        {
            // Made-up indices, scales and shapes may be impossible ones; then only true inputs can tell.
            return new GraphModel(graph, program);
        }
    }

    private static long? Batch(ModelGraph graph) => graph.Inputs.IsEmpty || graph.Inputs[0].Shape is not [> 0, ..] ? null : graph.Inputs[0].Shape[0];

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
