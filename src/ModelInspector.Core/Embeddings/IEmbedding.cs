using System.Collections.Immutable;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>Maps rows of many columns to rows of few. Implementations are sealed records of their parameters.</summary>
public interface IEmbedding
{
    /// <summary>Embeds every row of <paramref name="data"/>.</summary>
    /// <exception cref="InputException">The data hold NaN or infinity, or are too few for the parameters.</exception>
    Projection Embed(Matrix data, Job job);
}

/// <summary>An embedding's result.</summary>
/// <param name="Points">Samples × dimensions.</param>
/// <param name="Figures">What the method knows of its own result: "KL divergence" 1.52, "explained variance 1" 0.31.</param>
public sealed record Projection(Matrix Points, ImmutableSortedDictionary<string, double> Figures)
{
    /// <summary>What a reader must know before trusting the picture: "distances between clusters mean nothing in t-SNE".</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}
