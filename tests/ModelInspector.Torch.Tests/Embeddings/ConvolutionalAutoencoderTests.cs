using ModelInspector.Embeddings;
using ModelInspector.Numerics;
using TorchSharp;

namespace ModelInspector.Torch.Tests.Embeddings;

public class ConvolutionalAutoencoderTests
{
    private static readonly ConvolutionalAutoencoder Quick = new(1, 12, 10, Bottleneck: 2, Filters: 4, Depth: 2, Epochs: 40, Batch: 16, Rate: 5e-3, Patience: 40);

    [Fact]
    public void Images_of_a_wandering_spot_are_restored_from_two_numbers()
    {
        var fit = (IFittedCoder)Quick.Fit(Spots(160), Job.Quiet(1));
        Assert.True(fit.Projection.Figures["reconstruction error, held back"] < 0.5, $"{fit.Projection.Figures["reconstruction error, held back"]}");
        // The brightest pixel of a restored image is near that of the image.
        var (images, restored) = (Spots(160), fit.Decode(fit.Encode(Spots(160))));
        var near = Enumerable.Range(0, 160).Count(row => Math.Abs(Brightest(images, row) / 10 - Brightest(restored, row) / 10) <= 2 && Math.Abs(Brightest(images, row) % 10 - Brightest(restored, row) % 10) <= 2);
        Assert.True(near > 110, $"{near} of 160");
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_nothing_is_alive_afterwards()
    {
        var brief = Quick with { Epochs = 3 };
        var once = brief.Embed(Spots(40), Job.Quiet(3)).Points.Values;
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.Equal(once, brief.Embed(Spots(40), Job.Quiet(3)).Points.Values);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_saved_fit_places_new_images_the_same()
    {
        var path = Path.GetTempFileName();
        try
        {
            var fit = (Quick with { Epochs = 2, Bottleneck = 4, Beta = 0.1 }).Fit(Spots(40), Job.Quiet(3));
            fit.State.Save(path);
            var restored = FittedState.Load(path).Restore(Catalog.Of<IEmbedding>(typeof(Autoencoder).Assembly));
            Assert.Equal(fit.Place(Spots(7), Job.Quiet()).Values, restored.Place(Spots(7), Job.Quiet()).Values);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Rows_that_are_no_images_of_that_size_are_refused()
    {
        Assert.Contains("120", Assert.Throws<InputException>(() => (Quick with { Height = 11 }).Embed(Spots(10), Job.Quiet())).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => new ConvolutionalAutoencoder().For([120]));
        Assert.Equal(Quick with { Channels = 3 }, Quick.For([3, 12, 10]));
    }

    [Fact]
    public void Its_pictures_show_every_code_and_order_images_by_how_well_they_are_restored()
    {
        var images = Spots(40);
        var fit = (IFittedCoder)(Quick with { Epochs = 2 }).Fit(images, Job.Quiet(3));
        var drawing = new CodePictures(fit, 1, 12, 10);
        var sheet = drawing.Reconstructions(images, 6, out var errors);
        Assert.Equal((6 * 12 - 2, 2 * 14 - 2), (sheet.Width, sheet.Height));
        Assert.Equal(errors.Select(pair => pair.Error).Order(), errors.Select(pair => pair.Error));
        var walk = drawing.Traversal(images);
        Assert.Equal((9 * 12 - 2, 2 * 14 - 2), (walk.Width, walk.Height));
        Assert.All(sheet.Values.Concat(walk.Values), value => Assert.InRange(value, 0, 255));
    }

    private static int Brightest(Matrix images, int row)
    {
        var best = 0;
        for (var pixel = 0; pixel < images.Columns; pixel++) if (images[row, pixel] > images[row, best]) best = pixel;
        return best;
    }

    /// <summary>12 × 10 pixels with one bright round spot, anywhere.</summary>
    private static Matrix Spots(int count)
    {
        var (images, place) = (new Matrix(count, 120), new Randomness(8));
        for (var row = 0; row < count; row++)
        {
            var (y, x) = (2 + 7 * place.Uniform((ulong)(2 * row)), 2 + 5 * place.Uniform((ulong)(2 * row + 1)));
            for (var pixel = 0; pixel < 120; pixel++)
                images[row, pixel] = (float)Math.Exp(-(Math.Pow(pixel / 10 - y, 2) + Math.Pow(pixel % 10 - x, 2)) / 4);
        }
        return images;
    }
}
