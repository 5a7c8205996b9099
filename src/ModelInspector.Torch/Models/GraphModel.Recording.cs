using System.Collections.Immutable;
using static TorchSharp.torch;

namespace ModelInspector.Models;

public sealed partial class GraphModel : IRecordableModel
{
    /// <inheritdoc/>
    public Recording Record(Inputs inputs)
    {
        using var quiet = no_grad();
        var frame = Begin(inputs, [.. Enumerable.Range(0, program.Slots)]);
        try
        {
            var live = program.Inputs.ToHashSet();
            ImmutableArray<RecordedStep> steps = [.. program.Steps.Select(step => Recorded(this, frame, step, live))];
            return new Recording(steps, program.Inputs, program.Outputs, frame, frame.Get);
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }

    // A value that was made of shapes alone says nothing about the input's values, also where it is a real number.
    private static RecordedStep Recorded(GraphModel model, Frame frame, ProgramStep step, HashSet<int> live)
    {
        model.Do(frame, step, null);
        var (inputs, outputs) = (frame.Read(step.Inputs.AsSpan()), frame.Read(step.Outputs.AsSpan()));
        ImmutableArray<bool> fed = [.. step.Inputs.Select((slot, index) => live.Contains(slot) && HoldsReal(inputs[index]))];
        if (fed.Contains(true)) live.UnionWith(step.Outputs);
        return new(step.Layer, step.Inputs, step.Outputs, [.. inputs], [.. outputs], fed, step.Kernel) { Tell = step.Tell };
    }

    private static bool HoldsReal(object? value) =>
        value is Tensor tensor ? tensor.is_floating_point() : value is IEnumerable<object?> list && list.Any(HoldsReal);
}
