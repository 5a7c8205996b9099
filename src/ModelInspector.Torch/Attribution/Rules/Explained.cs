using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Rules;

/// <summary>Where in a recorded run a target reads, and where a layer or the input is.</summary>
internal static class Explained
{
    /// <summary>The network, if its runs can be recorded.</summary>
    /// <exception cref="InputException">They cannot.</exception>
    public static IRecordableModel Recordable(IModel model, string method) => model as IRecordableModel ?? throw new InputException(
        $"{model.Graph.Name} does not tell its steps, so {method} cannot lead back through it. Open it from an ONNX or TorchScript file, or choose integrated-gradients.");

    /// <summary>The slot that a target reads.</summary>
    public static int Slot(Recording recording, ModelGraph graph, Target target) => target switch
    {
        { ReadsLayer: { } layer } => OutputOf(recording, graph.Find(layer)),
        { ReadsOutput: { } port } => recording.Outputs[Index(graph, port)],
        _ when Scores.FinalSoftmax(graph) is { } softmax => recording.Steps.First(step => step.Layer?.Name == softmax.Name).Reads[0],
        _ => recording.Outputs[0],
    };

    /// <summary>The slot of a layer's output.</summary>
    /// <exception cref="InputException">The layer did not run.</exception>
    public static int OutputOf(Recording recording, Layer layer) =>
        recording.Steps.FirstOrDefault(step => step.Layer?.Name == layer.Name)?.Writes[0] is { } slot and >= 0 && recording.Value(slot) is Tensor ? slot
        : throw new InputException($"Layer {layer.Name} did not run: it lies on a branch that this input does not take. Choose another layer.");

    /// <summary>A slot's value as a target expects it: scores as (samples, classes).</summary>
    public static Tensor Read(Tensor value, Target target) => target is { ReadsLayer: null, ReadsOutput: null } ? Scores.Flattened(value) : value;

    /// <summary>The target's derivative with respect to a slot's value.</summary>
    public static Tensor Slope(Tensor value, Target target)
    {
        using var grad = enable_grad();
        var leaf = value.detach().requires_grad_();
        var score = target.Of(Read(leaf, target)).sum();
        return score.requires_grad ? autograd.grad([score], [leaf])[0] : zeros_like(leaf);
    }

    private static int Index(ModelGraph graph, string port)
    {
        var names = graph.Outputs.Select(output => output.Name).ToList();
        return port.Length == 0 ? 0 : names.IndexOf(port) is var at and >= 0 ? at
            : throw new InputException($"The network has no output `{port}`. It has: {string.Join(", ", names)}.");
    }
}
