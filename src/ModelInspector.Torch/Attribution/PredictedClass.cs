using static TorchSharp.torch;

namespace ModelInspector.Attribution;

/// <summary>The score of the class that the network itself predicts.</summary>
public sealed record PredictedClass : ClassChoice
{
    /// <inheritdoc/>
    public override string Name => "score of the predicted class, before soft-max";

    /// <inheritdoc/>
    public override Tensor Chosen(Tensor scores) => Classified(scores).detach().argmax(1);

    /// <inheritdoc/>
    public override Target FixedBy(Tensor scores)
    {
        using var scope = NewDisposeScope();
        return Frozen(Chosen(scores));
    }
}
