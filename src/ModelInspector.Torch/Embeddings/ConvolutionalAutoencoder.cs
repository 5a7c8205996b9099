using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Numerics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ModelInspector.Embeddings;

/// <summary>An autoencoder for images: convolutions squeeze every image through a few numbers, others draw it again.</summary>
/// <param name="Channels">Channels of an image; 0 takes them from the array's shape.</param>
/// <param name="Height">Rows of pixels; 0 takes them from the array's shape.</param>
/// <param name="Width">Columns of pixels; 0 takes them from the array's shape.</param>
/// <param name="Bottleneck">Numbers that an image is squeezed into.</param>
/// <param name="Filters">Filters of the first stage; each further one has twice as many.</param>
/// <param name="Depth">Stages, each of half the rows and columns.</param>
/// <param name="Epochs">Most passes over the images.</param>
/// <param name="Batch">Images a step.</param>
/// <param name="Rate">Learning rate of Adam at the start; it falls along a half cosine to zero at the last pass.</param>
/// <param name="Validation">Share of the images that is held back to decide when to stop.</param>
/// <param name="Patience">Passes without improvement after which training stops.</param>
/// <param name="Noise">Denoising: standard deviation of the normal noise put on the standardised pixels, which the network must take off.</param>
/// <param name="Beta">Variational: weight of the codes' divergence from a standard normal; 1 is the evidence bound for unit noise, 0 is off.</param>
/// <param name="Layout">How a bottleneck of more than two numbers is laid out.</param>
/// <remarks>
/// Minimises the mean of (x − d(e(x)))² over pixels, each channel standardised to mean 0 and variance 1 over all images; images × pixels in,
/// images × 2 out. Layers: 3×3 convolutions of stride 2 with ELU, a dense bottleneck, and the way back by enlargement and 3×3
/// convolutions. Cost: epochs · images · pixels · filters². It misleads as <see cref="Autoencoder"/> does, and restored images are blurred: what is
/// small or rare is left out first, which is the very thing one may look for. Across batch sizes codes agree within 1e-5.
/// </remarks>
[Method("convolutional-autoencoder", "Masci et al., ICANN 2011; denoising: Vincent et al., ICML 2008; variational: Kingma, Welling, 2014; β: Higgins et al., ICLR 2017",
    Summary = "A trained network's own summary of every image, from which it can draw the image again.")]
public sealed record ConvolutionalAutoencoder(
    [Range(0, 64), Description("channels of an image; 0 takes them from the array's shape")] int Channels = 0,
    [Range(0, 4096), Description("rows of pixels; 0 takes them from the array's shape")] int Height = 0,
    [Range(0, 4096), Description("columns of pixels; 0 takes them from the array's shape")] int Width = 0,
    [Range(1, 1024), Description("numbers that an image is squeezed into")] int Bottleneck = 8,
    [Range(1, 512), Description("filters of the first stage")] int Filters = 8,
    [Range(1, 6), Description("stages, each of half the rows and columns")] int Depth = 3,
    [Range(1, 100000), Description("most passes over the images")] int Epochs = 60,
    [Range(1, 65536), Description("images a step")] int Batch = 32,
    [Range(1e-6, 1.0), Description("learning rate at the start")] double Rate = 2e-3,
    [Range(0.0, 0.5), Description("share of the images held back to decide when to stop")] double Validation = 0.1,
    [Range(1, 10000), Description("passes without improvement before stopping")] int Patience = 10,
    [Range(0.0, 100.0), Description("denoising: standard deviation of the noise to take off; 0 is none")] double Noise = 0,
    [Range(0.0, 10000.0), Description("variational: weight of the codes' divergence from a standard normal; 0 is off")] double Beta = 0,
    [Description("how a bottleneck of more than two numbers is laid out")] CodeLayout Layout = CodeLayout.Pca) : IFittableEmbedding, IImageEmbedding
{
    private const int FewestRows = 4, FewestPixels = 4;

    private Schedule Schedule => new("convolutional-autoencoder", Bottleneck, Epochs, Batch, Rate, Validation, Patience, Noise, Beta);

    private ConvolutionalNetwork Network => new(Channels, Height, Width, Filters, Depth, Bottleneck, Schedule.Outputs);

    /// <inheritdoc/>
    public IEmbedding For(ImmutableArray<int> shape) => shape.Length switch
    {
        3 => this with { Channels = shape[0], Height = shape[1], Width = shape[2] },
        2 => this with { Channels = 1, Height = shape[0], Width = shape[1] },
        _ => Channels > 0 ? this : throw new InputException(
            $"convolutional-autoencoder: a row has the shape ({string.Join(", ", shape)}), which is no image. Give (images, channels, rows, columns), or set channels, height and width."),
    };

    /// <inheritdoc/>
    public Projection Embed(Matrix data, Job job) => Fit(data, job).Projection;

    /// <inheritdoc/>
    public IFittedEmbedding Fit(Matrix data, Job job)
    {
        EmbeddingInput.Check(data, "convolutional-autoencoder", FewestRows);
        if (Network.Pixels != data.Columns || Math.Min(Height, Width) < FewestPixels) throw new InputException(
            $"convolutional-autoencoder: channels={Channels} × height={Height} × width={Width} do not make images of {data.Columns} values, at least {FewestPixels} × {FewestPixels} pixels. Set them as the images are.");
        var scaling = Standardisation.Of(data, Height * Width);
        var trained = AutoencoderTraining.Run(Schedule, () => (Network.Encoder(), Network.Decoder()), scaling.Apply(data), Network.Shape, Network.Cost, job);
        return FittedAutoencoder.Of(this, Schedule, Layout, null, scaling, new ConvolutionalCoder(Network, trained.Encoder, trained.Decoder, Bottleneck), data, trained, job);
    }

    /// <inheritdoc/>
    public IFittedEmbedding Restore(FittedState state)
    {
        var scaling = Standardisation.From(state, Network.Pixels);
        var coder = new ConvolutionalCoder(Network, Load(state, "encoder", Network.Encoder), Load(state, "decoder", Network.Decoder), Bottleneck);
        return FittedAutoencoder.Restored(this, Bottleneck, Layout, null, scaling, coder, state);
    }

    private static ImmutableArray<Matrix> Load(FittedState state, string part, Func<Sequential> build)
    {
        using var scope = NewDisposeScope();
        using var network = build();
        return Weights.From(state, part, Weights.Sizes(network));
    }
}
