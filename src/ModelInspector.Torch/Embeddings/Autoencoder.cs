using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>A dense autoencoder: a network that squeezes every row through a few numbers and learns to restore it from them.</summary>
/// <param name="Bottleneck">Numbers that a row is squeezed into; more than two are laid out by PCA afterwards.</param>
/// <param name="Hidden">Units of the widest hidden layer; each further one has half as many.</param>
/// <param name="Depth">Hidden layers before the bottleneck, and as many after it; 0 is linear.</param>
/// <param name="Epochs">Most passes over the rows.</param>
/// <param name="Batch">Rows a step.</param>
/// <param name="Rate">Learning rate of Adam at the start; it falls along a half cosine to zero at the last pass.</param>
/// <param name="Validation">Share of the rows that is held back to decide when to stop.</param>
/// <param name="Patience">Passes without improvement after which training stops.</param>
/// <param name="Columns">Wider data are first reduced to this many columns by PCA.</param>
/// <remarks>
/// Minimises the mean of (x − d(e(x)))² over columns standardised to mean 0 and variance 1, with ELU between dense layers and a linear
/// bottleneck; rows × columns in, rows × 2 out (× 1 for a bottleneck of 1). The error is in variances of a column: 1 is what the column's
/// mean alone would give. With depth 0 the bottleneck spans the plane of the leading principal components (Baldi and Hornik 1989), though its
/// axes are not the components. Cost: epochs · rows · weights. It misleads in the ways of any trained network: axes have no unit and no
/// order, empty regions may mean nothing, and another seed gives another picture; believe what the reconstruction error and several seeds bear out.
/// </remarks>
[Method("autoencoder", "Hinton, Salakhutdinov, Science 2006; linear case: Baldi, Hornik, Neural Networks 1989",
    Summary = "A trained network's own two-number summary of every row; curved where PCA is flat.")]
public sealed record Autoencoder(
    [Range(1, 1024), Description("numbers that a row is squeezed into")] int Bottleneck = 2,
    [Range(1, 8192), Description("units of the widest hidden layer")] int Hidden = 128,
    [Range(0, 4), Description("hidden layers on each side of the bottleneck; 0 is linear")] int Depth = 2,
    [Range(1, 100000), Description("most passes over the rows")] int Epochs = 300,
    [Range(1, 65536), Description("rows a step")] int Batch = 64,
    [Range(1e-6, 1.0), Description("learning rate at the start")] double Rate = 2e-3,
    [Range(0.0, 0.5), Description("share of the rows held back to decide when to stop")] double Validation = 0.1,
    [Range(1, 10000), Description("passes without improvement before stopping")] int Patience = 25,
    [Range(1, 65536), Description("wider data are first reduced to this many columns by PCA")] int Columns = 512) : IFittableEmbedding
{
    private const int FewestRows = 4;

    /// <inheritdoc/>
    public Projection Embed(Matrix data, Job job) => Fit(data, job).Projection;

    /// <inheritdoc/>
    public IFittedEmbedding Fit(Matrix data, Job job)
    {
        EmbeddingInput.Check(data, "autoencoder", FewestRows);
        var reduction = data.Columns > Columns ? Reduction(data, job) : null;
        var reduced = reduction?.Transform(data) ?? data;
        var scaling = Standardisation.Of(reduced);
        var trained = AutoencoderTraining.Run(this, scaling.Apply(reduced), job);
        return new FittedAutoencoder(this, data, reduction, scaling, trained, job);
    }

    internal int Width(int layer) => Math.Max(Bottleneck, Hidden >> layer);

    private PcaModel Reduction(Matrix data, Job job) =>
        new Pca(Math.Min(Columns, Math.Min(data.Rows, data.Columns))).Model(data, job);
}
