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
    private const long MostValues = 1L << 28;
    private const string Method = "convolutional-autoencoder";

    /// <summary>One finding; nothing when the inputs are no pictures or too few.</summary>
    public IEnumerable<Finding> Of(Job job)
    {
        if (!Pictures.Drawable(Subject.Samples.Shape) || Subject.Count < FewestImages) return [];
        return Journal.Keep("image-coder", () => [Trained(job)]);
    }

    private ImageCodes Trained(Job job)
    {
        var (samples, images) = Images();
        var entry = Catalog.Find(Catalog.Of<IEmbedding>(Assembly.GetExecutingAssembly()), Method);
        var embedding = ((IImageEmbedding)entry.Create<IEmbedding>(ImmutableDictionary<string, string>.Empty)).For(Subject.Samples.Shape);
        var fit = (IFittedCoder)((IFittableEmbedding)embedding).Fit(images, job);
        fit.State.Save(Run.File("image-coder/coder.npz"));
        var drawing = new CodePictures(fit, Subject.Samples.Shape[0], Subject.Samples.Shape[1], Subject.Samples.Shape[2]);
        Save("image-coder/reconstructions.png", drawing.Reconstructions(images, Drawn, out var shown));
        Save("image-coder/traversal.png", drawing.Traversal(images));
        return new ImageCodes(
            $"The images from {fit.Codes} numbers each", new Provenance(entry.Name, entry.Describe(embedding), job.Seed, entry.Source), fit.Codes,
            [.. shown.Select(pair => samples[pair.Row])], [.. shown.Select(pair => pair.Error)], "image-coder/reconstructions.png", "image-coder/traversal.png", "image-coder/coder.npz",
            fit.Projection.Figures,
            [.. fit.Projection.Warnings, "Restored images are blurred: what is small or rare is left out first.",
             .. samples.Length < Subject.Count ? new[] { $"Trained on {samples.Length} of {Subject.Count} images, evenly chosen." } : []]);
    }

    private (int[] Samples, Matrix Images) Images()
    {
        var pixels = Subject.Samples.Shape.Aggregate(1L, (product, size) => product * size);
        var count = (int)Math.Min(Math.Min(Subject.Count, MostImages), MostValues / pixels);
        int[] samples = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * Subject.Count / count))];
        var images = new Matrix(count, (int)pixels);
        RowParallel.Run(count, 1, (i, _, _) => Subject.Samples.Load(samples[i]).Input.Values.CopyTo(images.Row(i)));
        return (samples, images);
    }

    private void Save(string file, Datasets.Picture picture) => File.WriteAllBytes(Run.File(file), new OpenCvImageCodec().EncodePng(picture));
}
