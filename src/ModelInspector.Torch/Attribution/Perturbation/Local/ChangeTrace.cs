using ModelInspector.Models;
using ModelInspector.Models.Costs;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation.Local;

/// <summary>
/// Follows one run and finds, for every window that may change the input, which positions of every layer change: through convolutions and pools by
/// their reach, through element-wise steps position by position. Any other step needs, and changes, everything.
/// </summary>
internal sealed class ChangeTrace(OcclusionWindows windows) : IWatcher
{
    private readonly Dictionary<Tensor, (Region Region, Stretch[][] Changed)> local = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Tensor> everywhere = new(ReferenceEqualityComparer.Instance);
    private readonly List<Region> regions = [];

    /// <summary>The input's region.</summary>
    public Region Input { get; private set; } = null!;

    /// <summary>Steps whose output is cut, by layer name.</summary>
    public Dictionary<string, SlidingStep> Steps { get; } = [];

    /// <summary>Products of all other steps, which are run as they are.</summary>
    public long OtherProducts { get; private set; }

    private int Axes => windows.Size.Length;

    /// <inheritdoc/>
    public void Begins(Tensor[] inputs)
    {
        Stretch[][] changed = [.. windows.Starts.Select((starts, axis) => starts.Select(from => new Stretch(from, Math.Min(windows.Size[axis], from + windows.Side[axis]))).ToArray())];
        Input = new Region(windows.Size, changed);
        regions.Add(Input);
        local[inputs[0]] = (Input, changed);
    }

    /// <inheritdoc/>
    public void Ran(ProgramStep step, object?[] inputs, object?[] outputs, TimeSpan time)
    {
        Tensor[] given = [.. Seen.Tensors(inputs)], gives = [.. Seen.Tensors(outputs)];
        Tensor[] changing = [.. given.Where(local.ContainsKey)];
        var reach = gives.Length == 1 ? step.Tell?.Invoke(inputs, gives[0]) : null;
        if (changing.Length > 0 && !given.Any(everywhere.Contains) && Follows(step, reach, given, changing, gives)) return;
        OtherProducts += reach?.MultiplyAdds ?? 0;
        if (changing.Length == 0 && !given.Any(everywhere.Contains)) return;
        foreach (var tensor in changing) local[tensor].Region.Whole();
        everywhere.UnionWith(gives);
    }

    /// <summary>Settles every region, once the run is over.</summary>
    public void Settle()
    {
        foreach (var region in regions.Where(region => ReferenceEquals(region.Root, region))) region.Settle();
    }

    private bool Follows(ProgramStep step, Reach? reach, Tensor[] given, Tensor[] changing, Tensor[] gives)
    {
        if (gives.Length != 1 || gives[0].Dimensions != Axes + 2) return false;
        if (reach is SlidingReach { Transposed: false } window && step.Layer is not null && window.Kernel.Length == Axes && changing.Length == 1 && ReferenceEquals(given[0], changing[0]))
            return Slid(step.Layer, window, changing[0], gives[0]);
        return IsByPosition(step, reach, given, changing, gives[0]) && Joined(changing, gives[0]);
    }

    private bool Slid(Layer layer, SlidingReach window, Tensor from, Tensor to)
    {
        var (region, changed) = local[from];
        Slide[] slides = [.. window.Kernel.Select((size, axis) => new Slide(((size - 1) * window.Dilations[axis]) + 1, window.Strides[axis], window.Begin[axis]))];
        var outputs = to.shape[2..];
        Stretch[][] after = [.. changed.Select((axis, i) => axis.Select(stretch => slides[i].Changed(stretch, outputs[i])).ToArray())];
        for (var axis = 0; axis < Axes; axis++)
            region.Need(axis, [.. after[axis].Select(stretch => slides[axis].Read(stretch, region.Size[axis]))], slides[axis].Stride);
        var output = new Region(outputs, after);
        regions.Add(output);
        local[to] = (output, after);
        Steps[layer.Name] = new SlidingStep(region, output, after, window.Strides, outputs, to.numel(), window.MultiplyAdds);
        return true;
    }

    private bool Joined(Tensor[] changing, Tensor to)
    {
        var (region, changed) = local[changing[0]];
        foreach (var other in changing[1..]) (region, changed) = (region.Join(local[other].Region), Stretch.Hull(changed, local[other].Changed));
        for (var axis = 0; axis < Axes; axis++) region.Need(axis, changed[axis], 1);
        local[to] = (region, changed);
        return true;
    }

    private bool IsByPosition(ProgramStep step, Reach? reach, Tensor[] given, Tensor[] changing, Tensor to)
    {
        if (!changing.All(tensor => tensor.shape.AsSpan(2).SequenceEqual(to.shape.AsSpan(2)))) return false;
        if (step.Layer?.Op is "Concat" or "aten::cat") return changing.Length == given.Length && to.shape[1] == given.Sum(tensor => tensor.shape[1]);
        return reach is Reach.Pointwise { Mixed: var mixed } && mixed.All(axis => axis == 1)
            && (step.Layer?.Op is "BatchNormalization" or "aten::batch_norm" || given.Where(tensor => !local.ContainsKey(tensor)).All(IsSameEverywhere));
    }

    private bool IsSameEverywhere(Tensor constant) =>
        constant.numel() == 1 || (constant.Dimensions > Axes && constant.shape[^Axes..].All(size => size == 1));
}
