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
    public override Tensor Of(Tensor scores) => Class.Of(ClassChoice.Classified(scores).softmax(1));

    /// <inheritdoc/>
    public override Target FixedBy(Tensor scores) => this with { Class = (ClassChoice)Class.FixedBy(scores) };

    /// <inheritdoc/>
    public override Target Repeated(int copies) => this with { Class = (ClassChoice)Class.Repeated(copies) };
}
