using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>How a bottleneck of more than two numbers is laid out on two axes.</summary>
public enum CodeLayout
{
    /// <summary>By its first two principal components.</summary>
    Pca,

    /// <summary>By t-SNE.</summary>
    TSne,
}

/// <summary>Lays codes out.</summary>
internal static class CodeLayouts
{
    public const int Axes = 2;

    /// <summary>The layout's method for so many codes; null when two axes hold them as they are.</summary>
    public static IFittableEmbedding? Of(CodeLayout layout, int codes, int rows) =>
        codes <= Axes ? null : layout == CodeLayout.Pca ? new Pca(Axes) : new TSne().For(rows);

    /// <summary>What a reader must know of the layout.</summary>
    public static string Warning(CodeLayout layout, int codes, Projection laid) => layout == CodeLayout.Pca
        ? FormattableString.Invariant($"The bottleneck has {codes} numbers; shown are their first two principal components, {laid.Figures["explained variance"]:P0} of their variance.")
        : $"The bottleneck has {codes} numbers, laid out by t-SNE. {TSne.Warnings[0]}";
}
