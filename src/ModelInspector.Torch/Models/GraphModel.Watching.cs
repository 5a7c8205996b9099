using System.Diagnostics;
using ModelInspector.Models.Costs;
using static TorchSharp.torch;

namespace ModelInspector.Models;

public sealed partial class GraphModel : IWatchableModel
{
    Outputs IWatchableModel.Run(Inputs inputs, IWatcher watcher)
    {
        using var frame = Begin(inputs, Nothing);
        watcher.Begins([.. program.Inputs.Select(slot => (Tensor)frame.Get(slot)!)]);
        foreach (var (index, step) in program.Steps.Index())
        {
            Watched(frame, step, watcher);
            FreeAfter(frame, index);
        }
        return Finish(frame);
    }

    private void Watched(Frame frame, ProgramStep step, IWatcher watcher)
    {
        var inputs = frame.Read(step.Inputs.AsSpan());
        var began = Stopwatch.GetTimestamp();
        var outputs = Compute(step, inputs);
        var time = Stopwatch.GetElapsedTime(began);
        for (var i = 0; i < outputs.Length && i < step.Outputs.Length; i++) frame.Put(step.Outputs[i], outputs[i]);
        watcher.Ran(step, inputs, outputs, time);
    }
}
