using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Rules;

/// <summary>The derivative of one step, led back by running its kernel again.</summary>
internal static class Derivative
{
    /// <summary>What flows into each input that comes from the network's input, at the values that it read.</summary>
    public static Flow?[] Back(RecordedStep step, Flow?[] outputs) => Back(step, step.Inputs, outputs);

    /// <summary>The same at other values.</summary>
    /// <param name="step">The step.</param>
    /// <param name="at">One value for each slot read.</param>
    /// <param name="outputs">What flows out of each slot written.</param>
    public static Flow?[] Back(RecordedStep step, IReadOnlyList<object?> at, Flow?[] outputs)
    {
        using var grad = enable_grad();
        var leaves = at.Select((value, index) => step.FromInput[index] ? Flow.Of(value).Select(tensor => tensor.detach().requires_grad_()).ToArray() : []).ToArray();
        object?[] given = [.. at.Select((value, index) => step.FromInput[index] ? Replaced(value, new Queue<Tensor>(leaves[index])) : value)];
        var results = step.Kernel(given);
        var ends = outputs.SelectMany((flow, index) => flow is null ? [] : Flow.Of(results[index]).Zip(flow.Parts))
            .Where(end => end.Second is not null && end.First.requires_grad).ToList();
        Tensor[] flat = [.. leaves.SelectMany(each => each)];
        if (ends.Count == 0 || flat.Length == 0) return new Flow?[at.Count];
        var found = autograd.grad([.. ends.Select(end => end.First.alias())], flat, [.. ends.Select(end => end.Second!.expand_as(end.First))], allow_unused: true);
        var gradients = new Queue<Tensor>(found);
        return [.. leaves.Select(each => each.Length == 0 ? null : new Flow([.. each.Select(_ => gradients.Dequeue() is { IsInvalid: false } flow ? flow : null)]))];
    }

    /// <summary>A value with its real tensors replaced in order.</summary>
    public static object? Replaced(object? value, Queue<Tensor> by) => value switch
    {
        Tensor tensor => tensor.is_floating_point() ? by.Dequeue() : tensor,
        IReadOnlyList<Tensor> list => list.Select(tensor => (Tensor)Replaced(tensor, by)!).ToList(),
        IEnumerable<object?> list => list.Select(item => Replaced(item, by)).ToArray(),
        _ => value,
    };
}
