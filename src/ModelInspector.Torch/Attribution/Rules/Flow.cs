using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Rules;

/// <summary>What flows through one slot on the way back: one tensor for each real tensor that the slot's value holds, null where nothing flows.</summary>
/// <param name="Parts">In the order in which <see cref="Of"/> finds them.</param>
internal sealed record Flow(Tensor?[] Parts)
{
    /// <summary>The real tensors that a value holds: itself, or the members of a list.</summary>
    public static IEnumerable<Tensor> Of(object? value) => value switch
    {
        Tensor tensor => tensor.is_floating_point() ? [tensor] : [],
        IEnumerable<object?> list => list.SelectMany(Of),
        _ => [],
    };

    /// <summary>The flow of a single tensor.</summary>
    public Tensor? Single => Parts.Length > 0 ? Parts[0] : null;

    /// <summary>The flows of a step's inputs where only one gets anything.</summary>
    public static Flow?[] Only(RecordedStep step, int input, Tensor flow)
    {
        var flows = new Flow?[step.Inputs.Length];
        flows[input] = new([flow]);
        return flows;
    }

    /// <summary>Lets go of the tensors.</summary>
    public void Free()
    {
        foreach (var part in Parts) part?.Dispose();
    }

    /// <summary>Both flows together.</summary>
    public static Flow Sum(Flow? left, Flow right) =>
        left is null ? right : new([.. left.Parts.Zip(right.Parts, (a, b) => a is null ? b : b is null ? a : a + b)]);
}
