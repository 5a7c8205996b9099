using ModelInspector.Models;
using ModelInspector.Models.Costs;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>
/// Finds, from one recorded run, which positions of every layer change under every window: through convolutions and pools by their reach, through
/// element-wise steps position by position. Any other step needs, and changes, everything.
/// </summary>
internal sealed class LocalPlan
{
    private readonly Dictionary<int, Changes> changes = [];
    private readonly HashSet<int> reached = [];
    private readonly Dictionary<int, int> lastReader = [];

    /// <param name="run">The network's run on a sample as it is.</param>
    /// <param name="windows">What is laid over the input.</param>
    public LocalPlan(Recording run, OcclusionWindows windows)
    {
        reached.Add(run.Inputs[0]);
        changes[run.Inputs[0]] = new(windows.Size, [.. windows.Starts.Select((_, axis) => windows.Along(axis))]);
        foreach (var (index, step) in run.Steps.Index())
        {
            foreach (var slot in step.Reads) lastReader[slot] = index;
            Follow(index, step);
        }
        foreach (var slot in run.Outputs) lastReader[slot] = int.MaxValue;
    }

    /// <summary>Steps that are run on cuts of their input, by their number.</summary>
    public Dictionary<int, SlidingStep> Slides { get; } = [];

    /// <summary>Element-wise steps that are run where something changes, by their number.</summary>
    public HashSet<int> Joins { get; } = [];

    /// <summary>Products of all steps that are run whole.</summary>
    public long OtherProducts { get; private set; }

    /// <summary>Values of the widest layer that is not cut.</summary>
    public long Widest { get; private set; }

    /// <summary>Whether a step has to be run again under a window.</summary>
    public bool IsReached(RecordedStep step) => step.Reads.Any(reached.Contains);

    /// <summary>Whether a slot's value depends on the input.</summary>
    public bool IsReached(int slot) => reached.Contains(slot);

    /// <summary>What each window changes of a slot's value; null where that is not known to be a part.</summary>
    public Changes? Of(int slot) => changes.GetValueOrDefault(slot);

    /// <summary>Whether nothing reads a slot behind a step.</summary>
    public bool IsDone(int slot, int index) => lastReader.GetValueOrDefault(slot, -1) <= index;

    private void Follow(int index, RecordedStep step)
    {
        if (!IsReached(step)) return;
        reached.UnionWith(step.Writes.Where(slot => slot >= 0));
        var reach = step.Outputs is [Tensor output] ? step.Tell?.Invoke([.. step.Inputs], output) : null;
        if (CanBeCut(step) && (Slid(index, step, reach) || Joined(index, step, reach))) return;
        OtherProducts += reach?.MultiplyAdds ?? 0;
        Widest = step.Outputs.OfType<Tensor>().Select(tensor => tensor.numel()).Append(Widest).Max();
    }

    // All that depends on the input is known to change in part only, and so may what the step gives.
    private bool CanBeCut(RecordedStep step) =>
        step.Reads.Where(reached.Contains).All(changes.ContainsKey) && step.Outputs is [Tensor { Dimensions: var axes } output]
        && axes == changes[step.Reads.First(reached.Contains)].Size.Length + 2 && output.is_floating_point() && output.numel() > 0;

    private bool Slid(int index, RecordedStep step, Reach? reach)
    {
        if (reach is not SlidingReach { Transposed: false } window || step.Layer is null || !reached.Contains(step.Reads[0]) || step.Reads.Skip(1).Any(reached.Contains)) return false;
        var input = changes[step.Reads[0]];
        if (window.Kernel.Length != input.Size.Length || window.Begin.Any(begin => begin < 0) || SlidingStep.Of(step, window, input) is not { } sliding) return false;
        (Slides[index], changes[step.Writes[0]]) = (sliding, sliding.Output);
        return true;
    }

    private bool Joined(int index, RecordedStep step, Reach? reach)
    {
        if (!IsByPosition(step, reach)) return false;
        Changes[] read = [.. step.Reads.Where(reached.Contains).Select(slot => changes[slot])];
        changes[step.Writes[0]] = read[0] with { Places = read.Select(change => change.Places).Aggregate(Stretch.Hull) };
        return Joins.Add(index);
    }

    private bool IsByPosition(RecordedStep step, Reach? reach)
    {
        var to = (Tensor)step.Outputs[0]!;
        if (step.Reads.Any(slot => reached.Contains(slot) && !changes[slot].Size.AsSpan().SequenceEqual(to.shape.AsSpan(2)))) return false;
        Tensor[] given = [.. Seen.Tensors(step.Inputs.AsSpan().ToArray())], others = [.. step.Inputs.Index().Where(input => !reached.Contains(step.Reads[input.Index])).SelectMany(input => Seen.Tensors([input.Item]))];
        if (step.Layer?.Op is "Concat" or "aten::cat") return others.Length == 0 && to.shape[1] == given.Sum(tensor => tensor.shape[1]);
        return reach is Reach.Pointwise { Mixed: var mixed } && mixed.All(axis => axis == 1)
            && (step.Layer?.Op is "BatchNormalization" or "aten::batch_norm" || others.All(constant => IsSameEverywhere(constant, to.shape.Length - 2)));
    }

    private static bool IsSameEverywhere(Tensor constant, int axes) =>
        constant.numel() == 1 || (constant.Dimensions > axes && constant.shape[^axes..].All(size => size == 1));
}
