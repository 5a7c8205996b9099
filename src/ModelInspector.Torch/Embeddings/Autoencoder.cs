using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ModelInspector.Embeddings;

/// <summary>A dense autoencoder: a network that squeezes every row through a few numbers and learns to restore it from them.</summary>
/// <param name="Bottleneck">Numbers that a row is squeezed into.</param>
/// <param name="Hidden">Units of the widest hidden layer; each further one has half as many.</param>
/// <param name="Depth">Hidden layers before the bottleneck, and as many after it; 0 is linear.</param>
/// <param name="Epochs">Most passes over the rows.</param>
/// <param name="Batch">Rows a step.</param>
/// <param name="Rate">Learning rate of Adam at the start; it falls along a half cosine to zero at the last pass.</param>
/// <param name="Validation">Share of the rows that is held back to decide when to stop.</param>
/// <param name="Patience">Passes without improvement after which training stops.</param>
/// <param name="Columns">Wider data are first reduced to this many columns by PCA.</param>
/// <param name="Noise">Denoising: standard deviation of the normal noise put on the standardised rows, which the network must take off.</param>
/// <param name="Beta">Variational: weight of the codes' divergence from a standard normal; 1 is the evidence bound for unit noise, 0 is off.</param>
/// <param name="Layout">How a bottleneck of more than two numbers is laid out.</param>
/// <remarks>
/// Minimises the mean of (x − d(e(x)))² over columns standardised to mean 0 and variance 1, with ELU between dense layers and a linear
/// bottleneck; rows × columns in, rows × 2 out (× 1 for a bottleneck of 1). The error is in variances of a column: 1 is what the column's
/// mean alone would give. With depth 0 the bottleneck spans the plane of the leading principal components (Baldi and Hornik 1989), though its
/// axes are not the components. Variational: codes are drawn from N(μ, σ²) while it learns and 2β/columns · KL(N(μ, σ²) ‖ N(0, 1)) is added; the
/// places are the means μ. Cost: epochs · rows · weights. It misleads in the ways of any trained network: axes have no unit and no order,
/// empty regions may mean nothing, a large β empties axes, and another seed gives another picture; believe what the reconstruction error and several seeds bear out.
/// </remarks>
[Method("autoencoder", "Hinton, Salakhutdinov, Science 2006; linear case: Baldi, Hornik, 1989; denoising: Vincent et al., ICML 2008; variational: Kingma, Welling, 2014; β: Higgins et al., ICLR 2017",
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
    [Range(1, 65536), Description("wider data are first reduced to this many columns by PCA")] int Columns = 512,
    [Range(0.0, 100.0), Description("denoising: standard deviation of the noise to take off; 0 is none")] double Noise = 0,
    [Range(0.0, 10000.0), Description("variational: weight of the codes' divergence from a standard normal; 0 is off")] double Beta = 0,
    [Description("how a bottleneck of more than two numbers is laid out")] CodeLayout Layout = CodeLayout.Pca) : IFittableEmbedding
{
    private const int FewestRows = 4;

    private Schedule Schedule => new("autoencoder", Bottleneck, Epochs, Batch, Rate, Validation, Patience, Noise, Beta);

    /// <inheritdoc/>
    public Projection Embed(Matrix data, Job job) => Fit(data, job).Projection;

    /// <inheritdoc/>
    public IFittedEmbedding Fit(Matrix data, Job job)
    {
        EmbeddingInput.Check(data, "autoencoder", FewestRows);
        var reduction = data.Columns > Columns ? Reduction(data, job) : null;
        var reduced = reduction?.Transform(data) ?? data;
        var scaling = Standardisation.Of(reduced);
        var rows = scaling.Apply(reduced);
        var trained = AutoencoderTraining.Run(Schedule, () => Network(rows.Columns), rows, [rows.Columns], Cost(rows.Columns), job);
        var coder = new DenseCoder(trained.Encoder, trained.Decoder, Bottleneck);
        return FittedAutoencoder.Of(this, Schedule, Layout, reduction, scaling, coder, data, trained, job);
    }

    /// <inheritdoc/>
    public IFittedEmbedding Restore(FittedState state)
    {
        var reduction = PcaModel.From(state);
        var columns = reduction?.Components.Rows ?? state.Need("mean").Columns;
        using var scope = NewDisposeScope();
        var (encoder, decoder) = Network(columns);
        using (encoder)
        using (decoder)
        {
            var coder = new DenseCoder(Weights.From(state, "encoder", Weights.Sizes(encoder)), Weights.From(state, "decoder", Weights.Sizes(decoder)), Bottleneck);
            return FittedAutoencoder.Restored(this, Bottleneck, Layout, reduction, Standardisation.From(state, columns), coder, state);
        }
    }

    private int Width(int layer) => Math.Max(Bottleneck, Hidden >> layer);

    private long Cost(int columns) => 6L * Enumerable.Range(0, Depth).Sum(layer => (layer == 0 ? columns : Width(layer - 1)) * (long)Width(layer));

    private PcaModel Reduction(Matrix data, Job job) =>
        new Pca(Math.Min(Columns, Math.Min(data.Rows, data.Columns))).Model(data, job);

    private (Sequential Encoder, Sequential Decoder) Network(int columns)
    {
        int[] hidden = [.. Enumerable.Range(0, Depth).Select(Width)];
        return (nn.Sequential(Layers([columns, .. hidden, Schedule.Outputs])), nn.Sequential(Layers([Bottleneck, .. hidden.Reverse(), columns])));
    }

    private static IEnumerable<nn.Module<Tensor, Tensor>> Layers(int[] widths)
    {
        for (var layer = 1; layer < widths.Length; layer++)
        {
            yield return nn.Linear(widths[layer - 1], widths[layer]);
            if (layer != widths.Length - 1) yield return nn.ELU();
        }
    }
}
