namespace ModelInspector.Models.Costs;

/// <summary>A window that slides over the last axes: convolution and pooling.</summary>
/// <param name="Kernel">Size of the window.</param>
/// <param name="Strides">Steps.</param>
/// <param name="Begin">Padding before the first position.</param>
/// <param name="Dilations">Distances between the window's elements.</param>
internal sealed record SlidingReach(long[] Kernel, long[] Strides, long[] Begin, long[] Dilations) : Reach
{
    /// <summary>Whether it writes windows into its output (a transposed convolution) instead of reading them from its input.</summary>
    public bool Transposed { get; init; }

    /// <inheritdoc/>
    public override Sight Through(Passage passage)
    {
        var seen = passage.Sighted[0];
        if (passage.Sighted.Length > 1 || !ReferenceEquals(seen, passage.From[0])) return seen.Sight!.Whole();
        var first = seen.Value.shape.Length - Kernel.Length;
        return seen.Sight!.Each(axis => axis.At >= first ? axis.IsMerged ? null : axis with { Field = Slid(axis.Field, axis.At - first) } : axis.At == first - 1 ? null : axis);
    }

    // Output position i reads input positions i·s − p + d·(0 … k−1), or, transposed, (i + p − d·(0 … k−1)) / s.
    private AxisField Slid(AxisField from, int axis)
    {
        double reach = (Kernel[axis] - 1) * Dilations[axis], stride = Strides[axis], begin = Begin[axis];
        return Transposed
            ? new(from.Size + (from.Stride * reach / stride), from.Stride / stride, from.Offset + (from.Stride * (begin - reach) / stride))
            : new(from.Size + (from.Stride * reach), from.Stride * stride, from.Offset - (from.Stride * begin));
    }
}
