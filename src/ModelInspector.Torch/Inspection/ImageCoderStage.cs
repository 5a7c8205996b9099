using System.Collections.Immutable;
using System.Reflection;
using ModelInspector.Embeddings;
using ModelInspector.Findings;
using ModelInspector.Images;
using ModelInspector.Numerics;

namespace ModelInspector.Inspection;

/// <summary>Trains an autoencoder on the inputs themselves and draws what it restores and what each of its codes does.</summary>
internal sealed record ImageCoderStage(Subject Subject, RunDirectory Run, Journal Journal)
{
    private const int MostImages = 2000, Drawn = 16, FewestImages = 8;
    private const int MostPixelsAcross = 64;
    private const string Method = "convolutional-autoencoder";

    /// <summary>One finding; nothing when the inputs are no pictures or too few.</summary>
    public IEnumerable<Finding> Of(Job job)
    {
        if (Subject.Samples.Shape.Length != 3 || !Pictures.Drawable(Subject.Samples.Shape) || Subject.Count < FewestImages) return [];
        return Journal.Keep("image-coder", () => [Trained(job)]);
    }

    private ImageCodes Trained(Job job)
    {
        var form = Small.Of(Subject.Samples.Shape);
        var (samples, images) = Images(form, job);
        var entry = Catalog.Find(Catalog.Of<IEmbedding>(Assembly.GetExecutingAssembly()), Method);
        var embedding = ((IImageEmbedding)entry.Create<IEmbedding>(ImmutableDictionary<string, string>.Empty)).For([form.Channels, form.Height, form.Width]);
        var fit = (IFittedCoder)((IFittableEmbedding)embedding).Fit(images, job);
        fit.State.Save(Run.File("image-coder/coder.npz"));
        var drawing = new CodePictures(fit, form.Channels, form.Height, form.Width);
        Save("image-coder/reconstructions.png", drawing.Reconstructions(images, Drawn, out var shown));
        Save("image-coder/traversal.png", drawing.Traversal(images));
        return new ImageCodes(
            $"The images from {fit.Codes} numbers each", new Provenance(entry.Name, entry.Describe(embedding), job.Seed, entry.Source), fit.Codes,
            [.. shown.Select(pair => samples[pair.Row])], [.. shown.Select(pair => pair.Error)], "image-coder/reconstructions.png", "image-coder/traversal.png", "image-coder/coder.npz",
            fit.Projection.Figures,
            [.. fit.Projection.Warnings, "Restored images are blurred: what is small or rare is left out first.",
             .. form.Shrink > 1 ? new[] { $"Images were shrunk to {form.Height} × {form.Width} pixels first." } : [],
             .. samples.Length < Subject.Count ? new[] { $"Trained on {samples.Length} of {Subject.Count} images, evenly chosen." } : []]);
    }

    private (int[] Samples, Matrix Images) Images(Small form, Job job)
    {
        var count = Math.Min(Subject.Count, MostImages);
        int[] samples = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * Subject.Count / count))];
        var images = new Matrix(count, form.Channels * form.Height * form.Width);
        RowParallel.Run(count, 1, (i, _, _) => form.Average(Subject.Samples.Load(samples[i]).Input, images.Row(i)), job.Cancel);
        return (samples, images);
    }

    private void Save(string file, Datasets.Picture picture) => File.WriteAllBytes(Run.File(file), new OpenCvImageCodec().EncodePng(picture));

    /// <summary>The form of a small image. Whole pixels are averaged until neither side is longer than the limit.</summary>
    /// <param name="Channels">As in the image.</param>
    /// <param name="Height">Rows.</param>
    /// <param name="Width">Columns.</param>
    /// <param name="Shrink">Pixels of the image across one of these.</param>
    internal sealed record Small(int Channels, int Height, int Width, int Shrink)
    {
        public static Small Of(ImmutableArray<int> shape)
        {
            var shrink = (Math.Max(shape[1], shape[2]) + MostPixelsAcross - 1) / MostPixelsAcross;
            return new(shape[0], shape[1] / shrink, shape[2] / shrink, shrink);
        }

        /// <summary>Adds an image's means over each small pixel.</summary>
        /// <param name="image">(C, H, W).</param>
        /// <param name="small">Zeros, C · height · width.</param>
        public void Average(NdArray image, Span<float> small)
        {
            var (width, share) = (image.Shape[2], 1f / (Shrink * Shrink));
            for (var channel = 0; channel < Channels; channel++)
            {
                var pixels = image[channel];
                for (var row = 0; row < Height * Shrink; row++)
                {
                    var into = small.Slice((channel * Height + row / Shrink) * Width, Width);
                    for (var column = 0; column < Width * Shrink; column++) into[column / Shrink] += share * pixels[row * width + column];
                }
            }
        }
    }
}
