using System.Collections.Immutable;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ModelInspector.Embeddings;

/// <summary>
/// Layers of a convolutional autoencoder: each stage halves rows and columns and doubles the filters; on the way back nearest-neighbour
/// enlargement and a convolution, which leaves no checkerboard (Odena, Dumoulin, Olah, Distill 2016).
/// </summary>
/// <param name="Channels">Channels of an image.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Filters">Filters of the first stage.</param>
/// <param name="Depth">Stages at most; fewer when the image would be smaller than 4 pixels.</param>
/// <param name="Codes">Numbers that the decoder takes.</param>
/// <param name="Outputs">Numbers that the encoder gives.</param>
internal sealed record ConvolutionalNetwork(int Channels, int Height, int Width, int Filters, int Depth, int Codes, int Outputs)
{
    private const int Smallest = 4;

    public int Pixels => Channels * Height * Width;

    public ImmutableArray<long> Shape => [Channels, Height, Width];

    /// <summary>Multiplications for one image and its gradient, roughly.</summary>
    public long Cost
    {
        get
        {
            var sizes = Sizes();
            return 6 * Enumerable.Range(1, sizes.Count - 1).Sum(stage => 9L * sizes[stage].Rows * sizes[stage].Columns * FiltersOf(stage) * FiltersOf(stage - 1) * 3);
        }
    }

    public Sequential Encoder() => nn.Sequential(EncoderLayers());

    public Sequential Decoder() => nn.Sequential(DecoderLayers());

    private List<(long Rows, long Columns)> Sizes()
    {
        var sizes = new List<(long Rows, long Columns)> { (Height, Width) };
        while (sizes.Count <= Depth && Math.Min(sizes[^1].Rows, sizes[^1].Columns) >= 2 * Smallest)
            sizes.Add(((sizes[^1].Rows + 1) / 2, (sizes[^1].Columns + 1) / 2));
        return sizes;
    }

    private long FiltersOf(int stage) => stage == 0 ? Channels : (long)Filters << (stage - 1);

    private IEnumerable<nn.Module<Tensor, Tensor>> EncoderLayers()
    {
        var sizes = Sizes();
        for (var stage = 1; stage < sizes.Count; stage++)
        {
            yield return nn.Conv2d(FiltersOf(stage - 1), FiltersOf(stage), 3, stride: 2, padding: 1); // (N, filters, rows / 2, columns / 2)
            yield return nn.ELU();
        }
        yield return nn.Flatten();
        yield return nn.Linear(FiltersOf(sizes.Count - 1) * sizes[^1].Rows * sizes[^1].Columns, Outputs);
    }

    private IEnumerable<nn.Module<Tensor, Tensor>> DecoderLayers()
    {
        var sizes = Sizes();
        var last = sizes.Count - 1;
        yield return nn.Linear(Codes, FiltersOf(last) * sizes[last].Rows * sizes[last].Columns);
        yield return nn.Unflatten(1, [FiltersOf(last), sizes[last].Rows, sizes[last].Columns]);
        for (var stage = last; stage > 0; stage--)
        {
            yield return nn.ELU();
            yield return nn.Upsample([sizes[stage - 1].Rows, sizes[stage - 1].Columns]);
            yield return nn.Conv2d(FiltersOf(stage), FiltersOf(stage - 1), 3, padding: 1); // (N, filters / 2, rows · 2, columns · 2)
        }
    }
}
