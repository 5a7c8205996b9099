using System.Collections.Immutable;

namespace ModelInspector.Evaluation.Faithfulness;

/// <summary>What a map says that replacing some regions should do to the score, and what it did.</summary>
/// <param name="Predicted">Sum of the map over each region; of a map per unit of the input, the sum of map times change of the input.</param>
/// <param name="Observed">Fall of the score when that region was replaced.</param>
public sealed record RemovalEffects(ImmutableArray<double> Predicted, ImmutableArray<double> Observed)
{
    /// <summary>Why nothing can be said; null if it can.</summary>
    public string? Undefined =>
        Predicted.Length != Observed.Length || Predicted.Length < 2 ? "fewer than two regions were replaced"
        : Predicted.Concat(Observed).All(double.IsFinite) ? null : "the map or the network gave NaN";
}
