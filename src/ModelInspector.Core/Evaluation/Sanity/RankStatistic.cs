namespace ModelInspector.Evaluation.Sanity;

/// <summary>How two orders are compared.</summary>
public enum RankStatistic
{
    /// <summary>Correlation of ranks, ties at their mean rank.</summary>
    Spearman,

    /// <summary>Pairs in the same order minus pairs in opposite order: τ-b.</summary>
    Kendall,
}
