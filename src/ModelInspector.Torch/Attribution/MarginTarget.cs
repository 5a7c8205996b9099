using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>How far a class is ahead of another one: the difference of their scores, before soft-max. What both share cancels.</summary>
/// <param name="Class">The class that is explained.</param>
/// <param name="Against">The other one; null for the best of the rest.</param>
public sealed record MarginTarget(ClassChoice Class, ClassChoice? Against = null) : Target
{
    /// <inheritdoc/>
    public override string Name => $"{Class.Name}, minus {Against?.Name ?? "that of the best other class"}";

    /// <inheritdoc/>
    /// <exception cref="InputException">There is no second class.</exception>
    public override Tensor Of(Tensor scores) => Class.Of(scores) - (Against?.Of(scores) ?? ClassChoice.Pick(scores, BestOther(scores)));

    /// <inheritdoc/>
    public override Target FixedBy(Tensor scores)
    {
        using var scope = NewDisposeScope();
        return new MarginTarget((ClassChoice)Class.FixedBy(scores), (ClassChoice?)Against?.FixedBy(scores) ?? ClassChoice.Frozen(BestOther(scores)));
    }

    /// <inheritdoc/>
    public override Target Repeated(int copies) =>
        new MarginTarget((ClassChoice)Class.Repeated(copies), (ClassChoice?)Against?.Repeated(copies));

    private Tensor BestOther(Tensor scores)
    {
        if (ClassChoice.Classified(scores).shape[1] < 2)
            throw new InputException("The network has one score, so no class is ahead of another. Explain the score itself: `--target 0`.");
        var chosen = Class.Chosen(scores).unsqueeze(1);
        return scores.detach().scatter(1, chosen, full_like(chosen, double.NegativeInfinity, dtype: scores.dtype)).argmax(1);
    }
}
