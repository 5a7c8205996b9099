using ModelInspector.Attribution.Inputs;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Rules;

/// <summary>DeepLIFT's multipliers: how they pass one step, given what it read and gave in both runs.</summary>
internal static class Multipliers
{
    /// <summary>A difference this small is none: rounding would be all there is to divide.</summary>
    private const double Tiny = 1e-10;

    /// <summary>How far each run is moved towards the other one to find its winners: where several are equal (a constant reference), the other run decides.</summary>
    private const double Nudge = 1e-4;

    private static readonly Nodes Middle = Nodes.Of(Quadrature.RiemannMiddle, 1);
    private static readonly Nodes Fine = Nodes.Of(Quadrature.GaussLegendre, 16);

    /// <summary>Multipliers of a step's inputs, given those of its outputs.</summary>
    public static Flow?[] Pull(RecordedStep here, RecordedStep there, Flow?[] outputs) => Operations.Kind(here) switch
    {
        OpKind.Moves or OpKind.Affine or OpKind.Weighted => Derivative.Back(here, outputs),
        OpKind.Elementwise when !Operations.IsSoftmax(here) => Rescaled(here, there, outputs),
        OpKind.Maximum when here.FromInput.Count(fed => fed) == 1 => Winners(here, there, outputs),
        OpKind.Product => Averaged(here, there, outputs, Middle),
        _ => Averaged(here, there, outputs, Fine),
    };

    private static Flow?[] Rescaled(RecordedStep here, RecordedStep there, Flow?[] outputs)
    {
        var slot = here.FromInput.IndexOf(true);
        var (slope, way) = (Derivative.Back(here, outputs)[slot]!.Single!, Difference(here.Inputs[slot], there.Inputs[slot]));
        var secant = outputs[0]!.Single! * Difference(here.Outputs[0], there.Outputs[0]) / way;
        return Flow.Only(here, slot, where(way.abs().lt(Tiny), slope, secant));
    }

    // The gain over the larger of both maxima belongs to the winner of the run that has it.
    private static Flow?[] Winners(RecordedStep here, RecordedStep there, Flow?[] outputs)
    {
        var slot = here.FromInput.IndexOf(true);
        var (multiplier, way) = (outputs[0]!.Single!, Difference(here.Inputs[slot], there.Inputs[slot]));
        var (largest, smallest) = ((Tensor)here.Outputs[0]!, (Tensor)there.Outputs[0]!);
        var both = maximum(largest, smallest);
        Tensor Back(object?[] at, Tensor flow) => Derivative.Back(here, at, [new([flow])])[slot]!.Single!;
        var gained = Back(Between(here, there, 1 - Nudge), multiplier * (both - smallest)) + Back(Between(here, there, Nudge), multiplier * (largest - both));
        return Flow.Only(here, slot, where(way.abs().lt(Tiny), Back([.. here.Inputs], multiplier), gained / way));
    }

    private static Flow?[] Averaged(RecordedStep here, RecordedStep there, Flow?[] outputs, Nodes nodes)
    {
        var sum = new Flow?[here.Inputs.Length];
        for (var node = 0; node < nodes.Points.Length; node++)
        {
            var found = Derivative.Back(here, Between(here, there, nodes.Points[node]), outputs);
            for (var i = 0; i < sum.Length; i++)
                if (found[i] is { } flow) sum[i] = Flow.Sum(sum[i], new([.. flow.Parts.Select(part => part is null ? null : part * nodes.Weights[node])]));
        }
        return sum;
    }

    private static object?[] Between(RecordedStep here, RecordedStep there, double at) =>
        [.. here.Inputs.Select((value, i) => here.FromInput[i] ? Derivative.Replaced(value, new(Flow.Of(there.Inputs[i]).Zip(Flow.Of(value), (from, to) => from + at * (to - from)))) : value)];

    private static Tensor Difference(object? here, object? there) => (Tensor)here! - (Tensor)there!;
}
