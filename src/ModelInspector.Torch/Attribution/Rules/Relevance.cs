using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Rules;

/// <summary>Leads relevance back through a recorded run: which rule each step gets, and what it does to relevance.</summary>
internal sealed class Relevance
{
    private readonly Recording recording;
    private readonly double epsilon;
    private readonly Func<bool, bool, ILinearRule> rule;
    private readonly bool ignoreBias;
    private readonly Passage passage;
    private readonly WayBack back;
    private readonly Dictionary<int, int> producer = [];
    private readonly Dictionary<int, int> readers = [];
    private readonly Dictionary<int, int> gates = [];
    private readonly HashSet<int> weighed = [];

    /// <summary>A way back through a run.</summary>
    /// <param name="recording">The run.</param>
    /// <param name="epsilon">What keeps sums of two layers and the like from zero.</param>
    /// <param name="rule">The rule of a weighted layer: whether it is the first one, whether it is a convolution.</param>
    /// <param name="ignoreBias">Whether constants take nothing.</param>
    /// <param name="passage">Which channels relevance may flow through.</param>
    public Relevance(Recording recording, double epsilon, Func<bool, bool, ILinearRule> rule, bool ignoreBias, Passage passage)
    {
        (this.recording, this.epsilon, this.rule, this.ignoreBias, this.passage) = (recording, epsilon, rule, ignoreBias, passage);
        back = new WayBack(recording, Pull);
        foreach (var (index, step) in recording.Steps.Index()) Note(index, step);
    }

    /// <summary>Leads relevance from one slot to another.</summary>
    public Tensor? Lead(int from, Tensor start, int to, Job job) => back.Lead(from, start, to, job, "lrp");

    private void Note(int index, RecordedStep step)
    {
        var isWeighed = Operations.Kind(step) == OpKind.Weighted || step.Reads.Where((_, i) => step.FromInput[i]).Any(weighed.Contains);
        foreach (var slot in step.Writes.Where(slot => slot >= 0))
        {
            producer[slot] = index;
            gates[slot] = Gate(step);
            if (isWeighed) weighed.Add(slot);
        }
        foreach (var slot in step.Reads.Distinct()) readers[slot] = readers.GetValueOrDefault(slot) + 1;
    }

    // What is made of a gate alone is a gate: 0.5 · (1 + erf(x)), attention reshaped.
    private int Gate(RecordedStep step)
    {
        if (Operations.Gate(step) is > 0 and var gate) return gate;
        var kind = Operations.Kind(step);
        var fed = step.Reads.Where((_, i) => step.FromInput[i] && step.Inputs[i] is Tensor).ToList();
        var hands = kind is OpKind.Moves or OpKind.Affine || (kind == OpKind.Elementwise && step.Layer!.Op is "Mul" or "Div" or "aten::mul" or "aten::div" or "aten::mul_" or "aten::div_");
        return hands && fed.Count > 0 ? fed.Min(slot => gates.GetValueOrDefault(slot)) : 0;
    }

    private Flow?[] Pull(int index, Flow?[] arrived)
    {
        var step = recording.Steps[index];
        Flow?[] outputs = [.. arrived.Zip(step.Writes, passage.Let)];
        return Operations.Kind(step) switch
        {
            OpKind.Moves or OpKind.Maximum => Derivative.Back(step, outputs),
            OpKind.Elementwise => Flow.Only(step, step.FromInput.IndexOf(true), outputs[0]!.Single!),
            OpKind.Weighted => Linear(step, outputs[0]!.Single!),
            OpKind.Affine => IsBatchNorm(step) ? BatchNorm(index, step, outputs) : Proportional(step, outputs[0]!.Single!),
            OpKind.Product => Product(step, outputs[0]!.Single!),
            OpKind.Quotient => Numerator(step, outputs[0]!.Single!),
            OpKind.Normalisation => Normalised(step, outputs[0]!.Single!),
            _ => throw new InputException($"LRP has no rule for layer {step.Layer!.Name} ({step.Layer.Op}), through which relevance flows. "
                + "Choose a method that needs none: deep-lift, integrated-gradients."),
        };
    }

    private Flow?[] Linear(RecordedStep step, Tensor relevance) =>
        Weighted.Of(step) is { } layer ? Linear(step, layer, relevance) : Proportional(step, relevance);

    private Flow?[] Linear(RecordedStep step, Weighted layer, Tensor relevance)
    {
        var isFirst = !weighed.Contains(step.Reads[layer.Slot]);
        return Flow.Only(step, layer.Slot, rule(isFirst, layer.IsConvolution).Share(ignoreBias ? layer with { Constant = null } : layer, relevance));
    }

    /// <summary>ε rule of a step that is linear but for a constant: each input times its derivative.</summary>
    private Flow?[] Proportional(RecordedStep step, Tensor relevance) => InProportion(step, relevance, Sum(step));

    private Flow?[] InProportion(RecordedStep step, Tensor relevance, Tensor sum)
    {
        var each = relevance / Weighted.Stable(sum, epsilon);
        return Times(step, Derivative.Back(step, [new([each])]));
    }

    // What a linear step gives, without the constant in it if constants take nothing.
    private Tensor Sum(RecordedStep step) => (Tensor)step.Outputs[0]! is var sum && !ignoreBias ? sum : sum - AtZero(step);

    private static Tensor AtZero(RecordedStep step) => (Tensor)step.Kernel([.. step.Inputs.Select((value, i) => step.FromInput[i] ? Zeros(value) : value)])[0]!;

    private static object? Zeros(object? value) => Derivative.Replaced(value, new(Flow.Of(value).Select(part => zeros_like(part))));

    private static Flow?[] Times(RecordedStep step, Flow?[] slopes) =>
        [.. slopes.Select((slope, i) => slope is null ? null : new Flow([.. Flow.Of(step.Inputs[i]).Zip(slope.Parts, (x, s) => s is null ? null : x * s)]))];

    private static bool IsBatchNorm(RecordedStep step) => step.Layer!.Op is "BatchNormalization" or "aten::batch_norm";

    // A batch norm right behind a weighted layer that nothing else reads is one layer with it.
    private Flow?[] BatchNorm(int index, RecordedStep step, Flow?[] outputs)
    {
        var (slot, relevance) = (step.FromInput.IndexOf(true), outputs[0]!.Single!);
        if (readers[step.Reads[slot]] != 1 || !producer.TryGetValue(step.Reads[slot], out var before)) return Proportional(step, relevance);
        var (scale, shift) = Scaling(step, slot);
        var fed = recording.Steps[before];
        if (Operations.Kind(fed) != OpKind.Weighted || Weighted.Of(fed)?.Merged(scale, shift) is not { } merged) return Proportional(step, relevance);
        back.Take(before, Linear(fed, merged, passage.Let(new([relevance]), fed.Writes[0])!.Single!));
        return Flow.Only(step, slot, relevance);
    }

    private static (Tensor Scale, Tensor Shift) Scaling(RecordedStep step, int slot)
    {
        var x = (Tensor)step.Inputs[slot]!;
        long[] shape = [1, x.shape[1], .. Enumerable.Repeat(1L, (int)x.Dimensions - 2)];
        Tensor At(Tensor value)
        {
            object?[] given = [.. step.Inputs];
            given[slot] = value;
            return (Tensor)step.Kernel(given)[0]!;
        }
        var shift = At(zeros(shape, x.dtype, x.device));
        return (At(ones(shape, x.dtype, x.device)) - shift, shift);
    }

    // The signal takes all where one factor is more of a gate than the other; else both take half.
    private Flow?[] Product(RecordedStep step, Tensor relevance)
    {
        int[] fed = [.. Enumerable.Range(0, step.Inputs.Length).Where(i => step.FromInput[i] && step.Inputs[i] is Tensor)];
        var least = fed.Min(i => gates.GetValueOrDefault(step.Reads[i]));
        int[] taking = [.. fed.Where(i => gates.GetValueOrDefault(step.Reads[i]) == least)];
        var shares = InProportion(step, relevance / taking.Length, (Tensor)step.Outputs[0]!);
        return [.. shares.Select((share, i) => taking.Contains(i) ? share : null)];
    }

    private Flow?[] Numerator(RecordedStep step, Tensor relevance)
    {
        var shares = InProportion(step, relevance, (Tensor)step.Outputs[0]!);
        return [.. shares.Select((share, i) => i == 0 ? share : null)];
    }

    // The deviation counts as a constant; what is left is linear: y = w (x − mean) / deviation + b.
    private Flow?[] Normalised(RecordedStep step, Tensor relevance)
    {
        var slot = step.FromInput.IndexOf(true);
        var x = (Tensor)step.Inputs[slot]!;
        var each = relevance / Weighted.Stable(Sum(step), epsilon);
        var scaled = Scale(step, x) is { } scale ? each * scale : each;
        var norm = new NormProbe(step, slot);
        var deviation = (x.var(norm.Axes, unbiased: false, keepdim: true) + norm.Epsilon).sqrt();
        return Flow.Only(step, slot, x * (scaled - scaled.mean(norm.Axes, keepdim: true)) / deviation);
    }

    private static bool IsInstance(RecordedStep step) => step.Layer!.Op is "InstanceNormalization" or "aten::instance_norm";

    private static Tensor? Scale(RecordedStep step, Tensor x)
    {
        var weight = step.Inputs.Where((value, i) => !step.FromInput[i] && value is Tensor).Cast<Tensor>().FirstOrDefault();
        return weight is null || !IsInstance(step) ? weight : weight.reshape([1, -1, .. Enumerable.Repeat(1L, (int)x.Dimensions - 2)]);
    }
}
