using System.Collections.Immutable;
using ModelInspector.Inspection;

namespace ModelInspector.Evaluation;

/// <summary>Which maps to score, and by what. Everything that changes the result is here.</summary>
/// <param name="Subject">Model, data, layers, group column and where to compute; maps and embeddings of it are not used.</param>
public sealed record EvaluationRequest(InspectionRequest Subject)
{
    /// <summary>Attributions of any kind by catalog name, settings after a colon; the first two are told apart in the sentences.</summary>
    public ImmutableArray<string> Methods { get; init; } = ["sam", "grad-cam"];

    /// <summary>Columns by whose groups the scores are given too; <c>label</c> and <c>predicted</c> are the classes.</summary>
    public ImmutableArray<string> By { get; init; } = ["label"];

    /// <summary>Removal curves and infidelity; null leaves them out.</summary>
    public RemovalRuns? Faithfulness { get; init; }

    /// <summary>Noise and shifts; null leaves them out.</summary>
    public StabilityRuns? Stability { get; init; }

    /// <summary>Checks whether the maps depend on the weights and the class.</summary>
    public ImmutableArray<ISanityCheck> Sanity { get; init; } = [];

    /// <summary>Samples for faithfulness and stability at most, drawn by chance.</summary>
    public int CostlySamples { get; init; } = 40;

    /// <summary>Samples for the sanity checks at most.</summary>
    public int SanitySamples { get; init; } = 24;
}
