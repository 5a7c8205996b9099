using System.Collections.Immutable;
using ModelInspector.Models;
using ModelInspector.Models.Costs;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>One run of a network on a sample under some windows of a group: what a window does not change is taken from the unchanged run.</summary>
/// <param name="plan">What is run where.</param>
/// <param name="unchanged">The unchanged run, and what its steps read with all that pads it.</param>
/// <param name="group">The windows' places.</param>
/// <param name="at">Each window's place within the group, by axis.</param>
internal sealed class WindowRun(LocalPlan plan, Surroundings unchanged, WindowGroup group, int[][] at)
{
    // Tensors that are whole, patches, and whatever else the file's language computes with, by slot.
    private readonly Dictionary<int, object?> values = [];

    /// <summary>Runs every step that the input reaches.</summary>
    /// <param name="covered">What a window covers, by axis and place among all windows.</param>
    /// <param name="baseline">What covers it.</param>
    /// <param name="ports">The network's outputs.</param>
    /// <param name="tap">Sees every layer that is whole.</param>
    public Outputs Of(Stretch[][] covered, double baseline, ImmutableArray<Port> ports, Tap? tap)
    {
        var input = unchanged.Run.Inputs[0];
        values[input] = Covered(input, covered, baseline);
        foreach (var (index, step) in unchanged.Run.Steps.Index())
        {
            if (!plan.IsReached(step)) continue;
            Do(index, step);
            if (tap is not null) Show(step, tap);
            foreach (var slot in step.Reads.Concat(step.Writes).Where(slot => plan.IsDone(slot, index))) Free(slot);
        }
        return new(ports.Zip(unchanged.Run.Outputs, (port, slot) => KeyValuePair.Create(port.Name, ((Tensor)Whole(slot)!).alias())));
    }

    private Patch Covered(int input, Stretch[][] covered, double baseline)
    {
        var cut = plan.Of(input)!.Of(group);
        var values = Cuts.Of(unchanged.Of(input), cut, at);
        Cuts.Fill(values, cut, (axis, place) => covered[axis][group.Places[axis][place]], baseline, at);
        return new(values, cut);
    }

    private void Do(int index, RecordedStep step)
    {
        using var scope = NewDisposeScope();
        if (plan.Slides.TryGetValue(index, out var sliding)) Keep(step.Writes[0], Slid(index, step, sliding));
        else if (plan.Joins.Contains(index)) Keep(step.Writes[0], Joined(step));
        else Plain(step);
    }

    private Patch Slid(int index, RecordedStep step, SlidingStep sliding)
    {
        var (input, output) = ((Patch)values[step.Reads[0]]!, sliding.Output.Of(group));
        if (IsWhole(input.At, sliding.Input) && IsWhole(output, sliding.Output)) return new((Tensor)step.Kernel([input.Values, .. step.Inputs[1..]])[0]!, output);
        var read = sliding.Read(output);
        var cut = Cuts.Of(unchanged.Padded(index, sliding), read, at);
        Cuts.Paste(cut, read, input, [.. read.Length.Select((_, axis) => sliding.Before(axis))], at);
        return new(sliding.Run(step, cut, output.Length), output);
    }

    private Patch Joined(RecordedStep step)
    {
        var output = plan.Of(step.Writes[0])!.Of(group);
        var given = Given(step, slot => Cut(slot, output));
        return new((Tensor)Own(step.Kernel(given)[0], given)!, output);
    }

    private void Plain(RecordedStep step)
    {
        var readsShape = step.Outputs is [Tensor output] && step.Tell?.Invoke([.. step.Inputs], output) is Reach.Nothing;
        var given = Given(step, slot => readsShape ? Shaped(slot) : Whole(slot));
        var outputs = step.Kernel(given);
        foreach (var (slot, value) in step.Writes.Zip(outputs).Where(written => written.First >= 0)) Keep(slot, Own(value, given));
    }

    // A tap sees what is whole.
    private void Show(RecordedStep step, Tap tap)
    {
        if (step.Layer is { } layer && Visible(step.Writes[0], null) is Tensor output) tap(layer, [.. step.Reads.Select((slot, index) => Visible(slot, step.Inputs[index])).OfType<Tensor>()], output);
    }

    private object? Visible(int slot, object? otherwise) => !plan.IsReached(slot) ? otherwise
        : values[slot] is not Patch patch ? values[slot]
        : IsWhole(patch.At, plan.Of(slot)!) ? patch.Values : null;

    private object?[] Given(RecordedStep step, Func<int, object?> value) => [.. step.Reads.Select((slot, index) => plan.IsReached(slot) ? value(slot) : step.Inputs[index])];

    private Tensor Cut(int slot, Extent cut)
    {
        var patch = (Patch)values[slot]!;
        if (patch.At.IsSame(cut)) return patch.Values;
        var made = Cuts.Of(unchanged.Of(slot), cut, at);
        Cuts.Paste(made, cut, patch, new long[cut.Length.Length], at);
        return made;
    }

    // A value that is read whole stays whole.
    private object? Whole(int slot)
    {
        if (!plan.IsReached(slot)) return unchanged.Run.Value(slot);
        if (values[slot] is not Patch patch) return values[slot];
        var everything = plan.Of(slot)!.Everything(group);
        if (patch.At.IsSame(everything)) return patch.Values;
        var whole = Cut(slot, everything);
        Free(slot);
        Keep(slot, new Patch(whole, everything));
        return whole;
    }

    private object? Shaped(int slot) => values[slot] is Patch ? unchanged.Of(slot).expand([at[0].Length, .. unchanged.Of(slot).shape[1..]]) : values[slot];

    // A step may hand on what it was given: a second handle can be freed alone.
    private static object? Own(object? output, object?[] given) => output is Tensor tensor && given.Contains(tensor) ? tensor.alias() : output;

    private static bool IsWhole(Extent extent, Changes changes) => extent.Length.AsSpan().SequenceEqual(changes.Size);

    private void Keep(int slot, object? value)
    {
        foreach (var tensor in value is Patch patch ? [patch.Values] : Seen.Tensors([value])) tensor.MoveToOuterDisposeScope();
        values[slot] = value;
    }

    private void Free(int slot)
    {
        if (values.Remove(slot, out var value)) (value as Tensor ?? (value as Patch)?.Values)?.Dispose();
    }
}
