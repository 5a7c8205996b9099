using System.Collections.Immutable;
using System.Globalization;
using ModelInspector.Activations;
using ModelInspector.Embeddings;
using ModelInspector.Numerics;

namespace ModelInspector.Inspection;

/// <summary>A layer's samples as rows, as everything that compares samples sees them.</summary>
/// <param name="Rows">One row a sample.</param>
/// <param name="Notes">What was done to get there that a reader must know.</param>
internal sealed record LayerSpace(Matrix Rows, ImmutableArray<string> Notes)
{
    private const int Kept = 50;

    /// <summary>Channels pooled over positions as they were captured; all positions, if they were kept, reduced by PCA.</summary>
    public static LayerSpace Of(ActivationStore store, string layer, Job job)
    {
        var rows = store.ReadMatrix(layer);
        if (store.Manifest.Request.Pooling != Pooling.None || rows.Columns <= Kept) return new(rows, []);
        var columns = rows.Columns;
        var model = new Pca(Math.Min(Kept, Math.Min(rows.Rows, columns))).Model(rows, job);
        return new(model.Transform(rows), [string.Create(CultureInfo.InvariantCulture,
            $"All {columns} positions and channels were reduced to {model.Components.Rows} principal components first, {model.ExplainedVariance.Sum():P0} of the variance.")]);
    }

    /// <summary>How a run says what it kept of the positions.</summary>
    public static string Sentence(Pooling pooling) => pooling switch
    {
        Pooling.Mean => "Embeddings use each channel's mean over positions.",
        Pooling.Max => "Embeddings use each channel's largest value over positions.",
        Pooling.Quantile => "Embeddings use each channel's 0.9 quantile over positions.",
        _ => $"Embeddings use every position of every channel, reduced to {Kept} principal components.",
    };
}
