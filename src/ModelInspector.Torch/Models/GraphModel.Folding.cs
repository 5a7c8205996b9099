using System.Collections.Frozen;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models;

public sealed partial class GraphModel : ISelectiveModel
{
    private readonly Lazy<FoldedNorms> folds;

    internal GraphProgram Program => program;

    /// <inheritdoc/>
    public Outputs Run(Inputs inputs, Tap? tap = null)
    {
        if (tap is null) return Run(inputs, null, FrozenSet<string>.Empty);
        using var frame = Begin(inputs, Nothing);
        Advance(frame, 0, program.Steps.Length, tap);
        return Finish(frame);
    }

    Outputs ISelectiveModel.Run(Inputs inputs, Tap tap, IReadOnlySet<string> layers) => Run(inputs, SelectiveRuns.Only(layers, tap), layers);

    // Layers named here are looked at: they run as the file says. Where a gradient may be asked for, all do.
    private Outputs Run(Inputs inputs, Tap? tap, IReadOnlySet<string> watched)
    {
        using var frame = Begin(inputs, Nothing);
        if (WantsGradient(frame, tap)) Advance(frame, 0, program.Steps.Length, tap);
        else AdvanceFolded(frame, tap, watched);
        return Finish(frame);
    }

    private bool WantsGradient(Frame frame, Tap? tap) =>
        is_grad_enabled() && (tap is not null || program.Inputs.Any(slot => frame.Get(slot) is Tensor { requires_grad: true }));

    private void AdvanceFolded(Frame frame, Tap? tap, IReadOnlySet<string> watched)
    {
        var done = new HashSet<int>();
        for (var index = 0; index < program.Steps.Length; index++)
        {
            if (folds.Value.At(index) is { } fold && !watched.Contains(program.Steps[index].Layer!.Name) && !watched.Contains(program.Steps[fold.Norm].Layer!.Name))
                done.Add(DoFolded(frame, program.Steps[index], fold));
            else if (!done.Contains(index)) Do(frame, program.Steps[index], tap);
            FreeAfter(frame, index);
        }
    }

    private int DoFolded(Frame frame, ProgramStep convolution, FoldedNorm fold)
    {
        var inputs = frame.Read(convolution.Inputs.AsSpan());
        frame.Put(program.Steps[fold.Norm].Outputs[0], Compute(convolution with { Kernel = fold.Kernel }, inputs)[0]);
        return fold.Norm;
    }
}
