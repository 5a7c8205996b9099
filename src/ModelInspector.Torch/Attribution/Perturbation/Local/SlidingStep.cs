using ModelInspector.Models;
using ModelInspector.Models.Costs;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>
/// A convolution or pool that is run on cuts of its input. What pads the input is made part of it beforehand, so that cuts at the border are cuts
/// like any other. A convolution then runs without padding and gives no position too many; a pool runs as it is, and what its own padding adds is cut off.
/// </summary>
/// <param name="Window">How it slides.</param>
/// <param name="Weights">Where a convolution's weight and bias are among what the step reads; null for a pool.</param>
/// <param name="Input">What each window changes of its input.</param>
/// <param name="Output">What each window changes of its output.</param>
/// <param name="Channels">Channels read and given.</param>
internal sealed record SlidingStep(SlidingReach Window, (int Weight, int? Bias)? Weights, Changes Input, Changes Output, (long In, long Out) Channels)
{
    // What a cut gives may be added up in another order than what the whole gives; anything else is off by far more.
    private const double Tolerance = 1e-4;

    private int Axes => Window.Kernel.Length;

    /// <summary>The step as it is run on cuts; null where that does not give what the recorded run gave.</summary>
    public static SlidingStep? Of(RecordedStep step, SlidingReach window, Changes input)
    {
        var (from, to) = (((Tensor)step.Inputs[0]!).shape, ((Tensor)step.Outputs[0]!).shape);
        var outputs = to[2..];
        var slides = Slides(window);
        var output = new Changes(outputs, [.. input.Places.Select((places, axis) => places.Select(place => slides[axis].Changed(place, outputs[axis])).ToArray())]);
        var pool = new SlidingStep(window, null, input, output, (from[1], to[1]));
        return new[] { pool with { Weights = WeightsOf(step, window) }, pool }.FirstOrDefault(tried => tried.Repeats(step));
    }

    /// <summary>Its input with all that pads it.</summary>
    public Tensor Padded(RecordedStep step)
    {
        var input = (Tensor)step.Inputs[0]!;
        long[] pads = [.. Enumerable.Range(0, Axes).Reverse().SelectMany(axis => new[] { Before(axis), Math.Max(0, Along(axis, Output.Size[axis]) + Slack(axis) - Before(axis) - Input.Size[axis]) })];
        return F.pad(input, pads, value: step.Layer!.Op.Contains("max", StringComparison.OrdinalIgnoreCase) ? double.NegativeInfinity : 0);
    }

    /// <summary>Positions along an axis of the padded input from which a part of the output is computed; each starts at its first output position times the stride.</summary>
    public long Read(int axis, long outputs)
    {
        var least = Along(axis, outputs);
        return Weights is not null ? least : least + Modulo(Input.Size[axis] - least, Window.Strides[axis]);
    }

    /// <summary>Where a part of its output reads the padded input.</summary>
    public Extent Read(Extent output) =>
        new([.. output.Starts.Select((starts, axis) => starts.Select(start => start * Window.Strides[axis]).ToArray())], [.. output.Length.Select((length, axis) => Read(axis, length))]);

    /// <summary>Where the padded input's first position lies in the input.</summary>
    public long Before(int axis) => Weights is null ? First(axis) * Window.Strides[axis] : Window.Begin[axis];

    /// <summary>Share of its products that is computed for a window of a group.</summary>
    public double Share(WindowGroup group)
    {
        var (lengths, share) = (Output.Lengths(group), 1.0);
        for (var axis = 0; axis < Axes; axis++) share *= (lengths[axis] + (lengths[axis] < Output.Size[axis] ? First(axis) : 0)) / (double)Output.Size[axis];
        return share;
    }

    /// <summary>Values of what it reads or gives for a window of a group, whichever are more.</summary>
    public long Values(WindowGroup group)
    {
        var (read, given) = (Channels.In, Channels.Out);
        var lengths = Output.Lengths(group);
        for (var axis = 0; axis < Axes; axis++) (read, given) = (read * Read(axis, lengths[axis]), given * lengths[axis]);
        return Math.Max(read, given);
    }

    /// <summary>What it gives for cuts.</summary>
    public Tensor Run(RecordedStep step, Tensor cut, long[] outputs)
    {
        if (Weights is not null) return Convolved(cut, Weight(step), Bias(step));
        var given = (Tensor)step.Kernel([cut, .. step.Inputs[1..]])[0]!;
        for (var axis = 0; axis < Axes; axis++) given = given.narrow(axis + 2, First(axis), outputs[axis]);
        return given;
    }

    private static Slide[] Slides(SlidingReach window) =>
        [.. window.Kernel.Select((size, axis) => new Slide(((size - 1) * window.Dilations[axis]) + 1, window.Strides[axis], window.Begin[axis]))];

    private static (int, int?)? WeightsOf(RecordedStep step, SlidingReach window)
    {
        if (Find(0, tensor => tensor.Dimensions == window.Kernel.Length + 2 && tensor.shape.AsSpan(2).SequenceEqual(window.Kernel)) is not { } weight) return null;
        return (weight, Find(weight, tensor => tensor.Dimensions == 1 && tensor.shape[0] == ((Tensor)step.Inputs[weight]!).shape[0]));

        int? Find(int after, Func<Tensor, bool> fits) => step.Inputs.Index().Skip(after + 1).Where(input => input.Item is Tensor tensor && fits(tensor)).Select(input => (int?)input.Index).FirstOrDefault();
    }

    private bool Repeats(RecordedStep step)
    {
        using var scope = NewDisposeScope();
        var given = (Tensor)step.Outputs[0]!;
        var cut = Padded(step);
        for (var axis = 0; axis < Axes; axis++) cut = cut.narrow(axis + 2, 0, Read(axis, Output.Size[axis]));
        var again = Run(step, cut, Output.Size);
        return again.shape.AsSpan().SequenceEqual(given.shape) && Largest(again - given) <= Tolerance * Largest(given);
    }

    private Tensor Convolved(Tensor cut, Tensor weight, Tensor? bias)
    {
        var (padding, groups) = (new long[Axes], cut.shape[1] / weight.shape[1]);
        return Axes switch
        {
            1 => F.conv1d(cut, weight, bias, Window.Strides[0], 0, Window.Dilations[0], groups),
            2 => F.conv2d(cut, weight, bias, Window.Strides, padding, Window.Dilations, groups),
            _ => F.conv3d(cut, weight, bias, Window.Strides, padding, Window.Dilations, groups),
        };
    }

    private Tensor Weight(RecordedStep step) => (Tensor)step.Inputs[Weights!.Value.Weight]!;

    private Tensor? Bias(RecordedStep step) => Weights!.Value.Bias is { } bias ? (Tensor)step.Inputs[bias]! : null;

    // A pool's own padding gives this many positions that are not wanted.
    private long First(int axis) => Weights is null ? (Window.Begin[axis] + Window.Strides[axis] - 1) / Window.Strides[axis] : 0;

    private long Along(int axis, long outputs) => ((outputs - 1) * Window.Strides[axis]) + ((Window.Kernel[axis] - 1) * Window.Dilations[axis]) + 1 + Before(axis) - Window.Begin[axis];

    // Automatic padding depends on what is left over after the last stride: a pool's cuts leave as much over as its input does.
    private long Slack(int axis) => Weights is null ? Window.Strides[axis] - 1 : 0;

    private static double Largest(Tensor values) => values.abs().max().to(ScalarType.Float64).item<double>();

    private static long Modulo(long value, long by) => ((value % by) + by) % by;
}
