using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Rules;

/// <summary>Leads what starts at one slot of a run back to its inputs, step by step; what meets in a slot is added.</summary>
/// <param name="recording">The run.</param>
/// <param name="pull">What flows into a step's inputs, given its number and what flows out of its outputs.</param>
internal sealed class WayBack(Recording recording, Func<int, Flow?[], Flow?[]> pull)
{
    private readonly Dictionary<int, Flow> flows = [];
    private readonly HashSet<int> done = [];

    /// <summary>Leads back from a slot to another one.</summary>
    /// <param name="from">Where it starts.</param>
    /// <param name="start">What starts there.</param>
    /// <param name="to">The slot that is asked for: of an input of the network or of a layer.</param>
    /// <param name="job">Progress and cancellation.</param>
    /// <param name="stage">What progress is reported as.</param>
    /// <returns>What arrives there; null for nothing.</returns>
    public Tensor? Lead(int from, Tensor start, int to, Job job, string stage)
    {
        using var scope = NewDisposeScope();
        flows[from] = new([start.alias()]);
        for (var index = recording.Steps.Length - 1; index >= 0 && (to < 0 || !recording.Steps[index].Writes.Contains(to)); index--)
        {
            job.Report(stage, recording.Steps.Length - index, recording.Steps.Length);
            if (!done.Contains(index)) Pass(index, to);
        }
        return flows.GetValueOrDefault(to)?.Single?.MoveToOuterDisposeScope();
    }

    /// <summary>What flows through a slot so far.</summary>
    public Flow? Through(int slot) => flows.GetValueOrDefault(slot);

    /// <summary>Puts what a step's inputs get in place without asking for the step itself: another one has taken it in.</summary>
    public void Take(int index, Flow?[] inputs)
    {
        done.Add(index);
        Spread(recording.Steps[index], inputs);
    }

    private void Pass(int index, int keep)
    {
        var step = recording.Steps[index];
        Flow?[] outputs = [.. step.Writes.Select(Through)];
        if (outputs.All(flow => flow is null)) return;
        using var scope = NewDisposeScope();
        Spread(step, pull(index, outputs));
        foreach (var slot in step.Writes.Where(slot => slot != keep))
            if (flows.Remove(slot, out var past)) past.Free();
    }

    private void Spread(RecordedStep step, Flow?[] inputs)
    {
        for (var i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is not { } flow || !step.FromInput[i]) continue;
            var before = flows.GetValueOrDefault(step.Reads[i]);
            flows[step.Reads[i]] = new([.. Flow.Sum(before, flow).Parts.Select(part => part?.alias().MoveToOuterDisposeScope())]);
            before?.Free();
        }
    }
}
