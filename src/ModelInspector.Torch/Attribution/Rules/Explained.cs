using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Rules;

/// <summary>What is explained in a recorded run, and where: from the slot that the target reads back to that of a layer or of the input.</summary>
/// <param name="From">The slot that the target reads.</param>
/// <param name="To">The slot of the layer, or of the input.</param>
/// <param name="Value">What the target reads.</param>
/// <param name="Known">The target as it is for these inputs.</param>
internal sealed record Explained(int From, int To, Tensor Value, Target Known)
{
    /// <summary>Finds both slots.</summary>
    /// <param name="recording">The run.</param>
    /// <param name="graph">The network.</param>
    /// <param name="target">What is explained.</param>
    /// <param name="layer">Where it is led back to; null for the input.</param>
    public static Explained In(Recording recording, ModelGraph graph, Target target, Layer? layer)
    {
        var from = Slot(recording, graph, target);
        var value = (Tensor)recording.Value(from)!;
        return new(from, layer is null ? recording.Inputs[0] : OutputOf(recording, layer), value, target.FixedBy(Read(value, target)));
    }

    /// <summary>The target's derivative with respect to what it reads, at another run's value.</summary>
    public Tensor SlopeAt(Tensor value) => Slope(value, Known);

    /// <summary>What is explained, of a value that the target reads: (samples).</summary>
    public Tensor Score(Tensor value) => Known.Of(Read(value, Known));

    /// <summary>The network, if its runs can be recorded.</summary>
    /// <exception cref="InputException">They cannot.</exception>
    public static IRecordableModel Recordable(IModel model, string method) => model as IRecordableModel ?? throw new InputException(
        $"{model.Graph.Name} does not tell its steps, so {method} cannot lead back through it. Open it from an ONNX or TorchScript file, or choose integrated-gradients.");

    private static int Slot(Recording recording, ModelGraph graph, Target target) => target switch
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

    // Scores as (samples, classes).
    private static Tensor Read(Tensor value, Target target) => target is { ReadsLayer: null, ReadsOutput: null } ? Scores.Flattened(value) : value;

    private static Tensor Slope(Tensor value, Target target)
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
