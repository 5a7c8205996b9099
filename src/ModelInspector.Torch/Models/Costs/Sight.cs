using System.Collections.Immutable;

namespace ModelInspector.Models.Costs;

/// <summary>Along which axis of a tensor one axis of the input runs on, and what its positions see of it.</summary>
/// <param name="At">The tensor's axis.</param>
/// <param name="Field">What is seen.</param>
/// <param name="Block">How many neighbours along the axis see the same, because another axis was merged into it.</param>
/// <param name="Count">After how many blocks it begins anew; 0 for never.</param>
internal sealed record AxisSight(int At, AxisField Field, long Block = 1, long Count = 0)
{
    /// <summary>Whether other axes were merged into the same.</summary>
    public bool IsMerged => Block > 1 || Count > 0;
}

/// <summary>What the positions of a tensor see of the input.</summary>
/// <param name="Axes">For each axis of the input; null where every position sees all of it.</param>
internal sealed record Sight(ImmutableArray<AxisSight?> Axes)
{
    /// <summary>The input itself: each position sees itself. The first axis is the batch.</summary>
    public static Sight Input(int rank) =>
        new([.. Enumerable.Range(0, rank).Select(axis => axis == 0 ? null : new AxisSight(axis, new AxisField(1, 1, 0)))]);

    /// <summary>The same with each axis changed; null for one that is seen whole from then on.</summary>
    public Sight Each(Func<AxisSight, AxisSight?> change) => new([.. Axes.Select(axis => axis is null ? null : change(axis))]);

    /// <summary>All of the input, everywhere.</summary>
    public Sight Whole() => Each(_ => null);

    /// <summary>As part of a broadcast result: axes are counted from the back, and one that is repeated is seen whole.</summary>
    public Sight Broadcast(ReadOnlySpan<long> shape, ReadOnlySpan<long> output)
    {
        var (own, all) = (shape.ToArray(), output.ToArray());
        return Each(axis => axis.At + all.Length - own.Length is var at and >= 0 && own[axis.At] == all[at] ? axis with { At = at } : null);
    }

    /// <summary>What a result sees that depends on several tensors, all laid out as itself.</summary>
    public static Sight Union(IReadOnlyList<Sight> sights, ReadOnlySpan<long> output)
    {
        var shape = output.ToArray();
        return new([.. Enumerable.Range(0, sights[0].Axes.Length).Select(axis => sights.Select(sight => sight.Axes[axis]).Aggregate((a, b) => Union(a, b, shape)))]);
    }

    private static AxisSight? Union(AxisSight? a, AxisSight? b, long[] shape) =>
        a is null || b is null || (a.At, a.Block, a.Count) != (b.At, b.Block, b.Count) || a.At >= shape.Length ? null : a with { Field = Union(a.Field, b.Field, ((shape[a.At] - 1) / a.Block) + 1) };

    // Where strides differ by a rounding, the wider one must hold at both ends.
    private static AxisField Union(AxisField a, AxisField b, long count)
    {
        var apart = (count - 1) * (b.Stride - a.Stride);
        var begin = Math.Min(a.Offset, Math.Min(b.Offset, b.Offset + apart));
        var end = Math.Max(a.Offset + a.Size, Math.Max(b.Offset, b.Offset + apart) + b.Size);
        return new(end - begin, a.Stride, begin);
    }
}
