using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>The probability of a class: its share of the soft-max over the scores.</summary>
/// <remarks>Misleads: where the network is sure, the probability is flat and its gradient vanishes, whatever the class rests on; and it answers to every other class too.</remarks>
/// <param name="Class">Which class.</param>
public sealed record ProbabilityTarget(ClassChoice Class) : Target
{
    /// <inheritdoc/>
    public override string Name => "probability behind the " + Class.Name.Replace(", before soft-max", "", StringComparison.Ordinal);

    /// <inheritdoc/>
    /// <exception cref="InputException">There is one score, whose soft-max is 1 whatever the input.</exception>
    public override Tensor Of(Tensor scores) => ClassChoice.Classified(scores).shape[1] > 1 ? Class.Of(scores.softmax(1))
        : throw new InputException("The network has one score, and the soft-max over one score is 1 whatever the input. Explain the score itself: `--target 0`.");

    /// <inheritdoc/>
    public override Target FixedBy(Tensor scores) => this with { Class = (ClassChoice)Class.FixedBy(scores) };

    /// <inheritdoc/>
    public override Target Repeated(int copies) => this with { Class = (ClassChoice)Class.Repeated(copies) };
}
