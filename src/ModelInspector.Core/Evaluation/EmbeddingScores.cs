using System.Collections.Immutable;

namespace ModelInspector.Evaluation;

/// <summary>How far a map can be trusted.</summary>
/// <param name="Rows">Rows of the map.</param>
/// <param name="Sampled">Rows that were looked at, each compared with all rows.</param>
/// <param name="Scores">The scores, those first that need no labels.</param>
/// <param name="Curve">Co-ranking curve: neighbours kept by neighbourhood size, as R_NX (0 for a random map, 1 for a perfect one).</param>
public sealed record EmbeddingScores(int Rows, int Sampled, ImmutableArray<EmbeddingScore> Scores, ImmutableArray<CurvePoint> Curve)
{
    /// <summary>The score of that name.</summary>
    public EmbeddingScore this[string name] => Scores.First(score => score.Name == name || score.Name.StartsWith(name + " (", StringComparison.Ordinal));

    /// <summary>Every defined score by name, with its sampling error where rows were sampled: what a finding carries.</summary>
    public ImmutableSortedDictionary<string, double> Figures =>
        Scores.Where(score => score.Undefined is null).SelectMany(score => score.StandardError > 0
            ? [KeyValuePair.Create(score.Name, score.Value), KeyValuePair.Create(score.Name + ", sampling error", score.StandardError)]
            : new[] { KeyValuePair.Create(score.Name, score.Value) }).ToImmutableSortedDictionary();
}

/// <summary>One score of a map.</summary>
/// <param name="Name">What was measured: "trustworthiness (k = 15)".</param>
/// <param name="Value">The score; NaN when undefined.</param>
/// <param name="StandardError">Standard error from looking at a sample of the rows; 0 when all were looked at.</param>
/// <param name="Undefined">Why there is no score, else null.</param>
public sealed record EmbeddingScore(string Name, double Value, double StandardError, string? Undefined = null);

/// <summary>A point of the co-ranking curve.</summary>
/// <param name="Neighbors">Neighbourhood size K.</param>
/// <param name="Kept">R_NX(K).</param>
public sealed record CurvePoint(int Neighbors, double Kept);
