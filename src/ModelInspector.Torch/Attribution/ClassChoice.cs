using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>The score of one class a sample, before soft-max; which class is the kind's own matter.</summary>
public abstract record ClassChoice : Target
{
    /// <summary>The class of each sample.</summary>
    /// <param name="scores">(samples, classes).</param>
    /// <returns>(samples), whole numbers.</returns>
    public abstract Tensor Chosen(Tensor scores);

    /// <inheritdoc/>
    /// <exception cref="InputException">The scores are not (samples, classes).</exception>
    public override Tensor Of(Tensor scores) => Pick(Classified(scores), Chosen(scores));

    /// <summary>The scores, if they are those of a classifier.</summary>
    internal static Tensor Classified(Tensor scores) => scores.Dimensions == 2 ? scores : throw new InputException(
        $"The network's first output has shape ({string.Join(", ", scores.shape)}). Expected (samples, classes) for a class target; "
        + "explain one number of it by `output:INDEX,…@NAME`, or a class within a region by `segmentation:CLASS`.");

    internal static Tensor Pick(Tensor scores, Tensor classes) => scores.gather(1, classes.unsqueeze(1)).squeeze(1);

    internal static ClassTarget Frozen(Tensor classes)
    {
        using var scope = NewDisposeScope();
        return new ClassTarget([.. classes.detach().cpu().data<long>()]);
    }
}
