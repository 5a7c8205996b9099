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

    // Whole pixels are averaged until neither side is longer than the limit.
    private int Shrink => (Math.Max(Subject.Samples.Shape[1], Subject.Samples.Shape[2]) + MostPixelsAcross - 1) / MostPixelsAcross;

    private ImmutableArray<int> Shape => [Subject.Samples.Shape[0], Subject.Samples.Shape[1] / Shrink, Subject.Samples.Shape[2] / Shrink];

    private ImageCodes Trained(Job job)
    {
        var (samples, images) = Images();
        var entry = Catalog.Find(Catalog.Of<IEmbedding>(Assembly.GetExecutingAssembly()), Method);
        var embedding = ((IImageEmbedding)entry.Create<IEmbedding>(ImmutableDictionary<string, string>.Empty)).For(Shape);
        var fit = (IFittedCoder)((IFittableEmbedding)embedding).Fit(images, job);
        fit.State.Save(Run.File("image-coder/coder.npz"));
        var drawing = new CodePictures(fit, Shape[0], Shape[1], Shape[2]);
        Save("image-coder/reconstructions.png", drawing.Reconstructions(images, Drawn, out var shown));
        Save("image-coder/traversal.png", drawing.Traversal(images));
        return new ImageCodes(
            $"The images from {fit.Codes} numbers each", new Provenance(entry.Name, entry.Describe(embedding), job.Seed, entry.Source), fit.Codes,
            [.. shown.Select(pair => samples[pair.Row])], [.. shown.Select(pair => pair.Error)], "image-coder/reconstructions.png", "image-coder/traversal.png", "image-coder/coder.npz",
            fit.Projection.Figures,
            [.. fit.Projection.Warnings, "Restored images are blurred: what is small or rare is left out first.",
             .. Shrink > 1 ? new[] { $"Images were shrunk to {Shape[1]} × {Shape[2]} pixels first." } : [],
             .. samples.Length < Subject.Count ? new[] { $"Trained on {samples.Length} of {Subject.Count} images, evenly chosen." } : []]);
    }

    private (int[] Samples, Matrix Images) Images()
    {
        var count = Math.Min(Subject.Count, MostImages);
        int[] samples = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * Subject.Count / count))];
        var images = new Matrix(count, Shape[0] * Shape[1] * Shape[2]);
        RowParallel.Run(count, 1, (i, _, _) => Average(Subject.Samples.Load(samples[i]).Input, images.Row(i)));
        return (samples, images);
    }

    private void Average(NdArray image, Span<float> small)
    {
        var (width, share) = (image.Shape[2], 1f / (Shrink * Shrink));
        for (var channel = 0; channel < Shape[0]; channel++)
            for (var row = 0; row < Shape[1] * Shrink; row++)
                for (var column = 0; column < Shape[2] * Shrink; column++)
                    small[(channel * Shape[1] + row / Shrink) * Shape[2] + column / Shrink] += share * image[channel][row * width + column];
    }

    private void Save(string file, Datasets.Picture picture) => File.WriteAllBytes(Run.File(file), new OpenCvImageCodec().EncodePng(picture));
}
