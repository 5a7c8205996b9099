using ModelInspector.Capture;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>The score of a class of a segmentation, before soft-max, averaged over a region.</summary>
/// <param name="Class">Class number, from 0.</param>
/// <param name="Region">(1 or samples, positions…): how much each position counts; null for where the network itself gives that class.</param>
public sealed record SegmentationTarget(long Class, NdArray? Region = null) : Target
{
    /// <inheritdoc/>
    public override string Name => $"score of class {Class}, before soft-max, averaged over {(Region is null ? "where it is predicted" : "the given region")}";

    /// <inheritdoc/>
    /// <exception cref="InputException">There is no such class, or the region has another shape than the scores.</exception>
    public override Tensor Of(Tensor scores)
    {
        var (of, region) = (Checked(scores).select(1, Class), Weights(scores));
        return (of * region).flatten(1).sum(1) / region.flatten(1).sum(1).clamp(min: 1e-12);
    }

    /// <inheritdoc/>
    public override Target FixedBy(Tensor scores)
    {
        using var scope = NewDisposeScope();
        return this with { Region = Batches.ToArray(Weights(Checked(scores))) };
    }

    /// <inheritdoc/>
    public override Target Repeated(int copies) => Region is null || Region.Shape[0] == 1 ? this : this with { Region = RepeatedRows(Region, copies) };

    private static NdArray RepeatedRows(NdArray region, int copies)
    {
        using var scope = NewDisposeScope();
        return Batches.ToArray(Batches.ToTensor(region).repeat_interleave(copies, 0));
    }

    private Tensor Checked(Tensor scores)
    {
        if (scores.Dimensions < 3)
            throw new InputException($"The network's scores have shape ({string.Join(", ", scores.shape)}). Expected (samples, classes, positions…) of a segmentation; a classifier is explained by `--target CLASS`.");
        if (Class < 0 || Class >= scores.shape[1])
            throw new InputException($"Target {Class} is no class: the network has {scores.shape[1]} scores at each position, 0 to {scores.shape[1] - 1}.");
        return scores;
    }

    private Tensor Weights(Tensor scores)
    {
        if (Region is null) return scores.detach().argmax(1).eq(Class).to(scores.dtype);
        var given = Batches.ToTensor(Region).to(scores.device);
        if (!given.shape.AsSpan(1).SequenceEqual(scores.shape.AsSpan(2)) || (given.shape[0] != 1 && given.shape[0] != scores.shape[0]))
            throw new InputException($"The region has shape ({string.Join(", ", given.shape)}). Expected ({scores.shape[0]}, {string.Join(", ", scores.shape[2..])}) as the scores have, or 1 in place of {scores.shape[0]}.");
        return given;
    }
}
