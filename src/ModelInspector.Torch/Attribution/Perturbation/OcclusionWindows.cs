using ModelInspector.Attribution.Perturbation.Local;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation;

/// <summary>Windows that slide over an input.</summary>
/// <param name="Size">Positions along each axis.</param>
/// <param name="Side">Positions that a window covers along each axis, where the border does not cut it.</param>
/// <param name="Starts">First positions of the windows along each axis.</param>
internal sealed record OcclusionWindows(long[] Size, long[] Side, long[][] Starts)
{
    /// <summary>Windows in all.</summary>
    public int Count => Starts.Aggregate(1, (count, axis) => checked(count * axis.Length));

    /// <exception cref="InputException">The input has no positions, or the window is larger than it.</exception>
    public static OcclusionWindows Of(Tensor batch, int window, int stride)
    {
        if (batch.Dimensions < 3) throw new InputException(
            $"Occlusion slides over rows and columns; the input has shape ({string.Join(", ", batch.shape)}). Use feature-ablation with players=values.");
        var size = batch.shape[2..];
        if (size.Any(axis => axis < window)) throw new InputException(
            $"A window of {window} is larger than the input's positions ({string.Join(", ", size)}). Choose a smaller `window`.");
        long[] side = [.. size.Select(axis => window > 0 ? window : Math.Max(1, axis / 8))];
        return new(size, side, [.. size.Select((axis, i) => StartsOf(axis, side[i], stride > 0 ? stride : Math.Max(1, side[i] / 2)))]);
    }

    /// <summary>What each window covers along an axis.</summary>
    public Stretch[] Along(int axis) => [.. Starts[axis].Select(from => new Stretch(from, Math.Min(Size[axis], from + Side[axis])))];

    /// <summary>First and last position (not included) of a window along each axis.</summary>
    public (long From, long To)[] At(int window)
    {
        var at = new (long, long)[Size.Length];
        for (var axis = Size.Length - 1; axis >= 0; window /= Starts[axis--].Length)
        {
            var from = Starts[axis][window % Starts[axis].Length];
            at[axis] = (from, Math.Min(Size[axis], from + Side[axis]));
        }
        return at;
    }

    /// <summary>Masks that are 0 inside the window: (1, count, 1, positions…).</summary>
    public Tensor Kept(int first, int count, Tensor like)
    {
        var masks = ones([count, .. Size], like.dtype, like.device);
        for (var i = 0; i < count; i++) Inside(masks[i], At(first + i)).zero_();
        return masks.unsqueeze(0).unsqueeze(2);
    }

    /// <summary>At each position the mean over the windows that cover it; 0 where none does.</summary>
    /// <param name="values">(samples, windows).</param>
    /// <param name="batch">The batch, for its shape.</param>
    public Tensor Mean(Tensor values, Tensor batch)
    {
        var (sum, covered) = (zeros([batch.shape[0], .. Size], ScalarType.Float64, batch.device), zeros(Size, ScalarType.Float64, batch.device));
        for (var window = 0; window < Count; window++)
        {
            using var step = NewDisposeScope();
            Inside(covered, At(window)).add_(1);
            Inside(sum, At(window), skip: 1).add_(values.select(1, window).to(ScalarType.Float64).reshape([batch.shape[0], .. Size.Select(_ => 1L)]));
        }
        return (sum / covered.clamp_min(1)).unsqueeze(1).expand(batch.shape).to(batch.dtype).contiguous();
    }

    private static Tensor Inside(Tensor values, (long From, long To)[] window, int skip = 0)
    {
        for (var axis = 0; axis < window.Length; axis++)
            values = values.narrow(axis + skip, window[axis].From, window[axis].To - window[axis].From);
        return values;
    }

    // Where a stride is longer than a window the last one may begin behind the border: that one covers nothing.
    private static long[] StartsOf(long size, long side, long stride) =>
        [.. Enumerable.Range(0, (int)((size - side + stride - 1) / stride) + 1).Select(step => step * stride).Where(start => start < size)];
}
