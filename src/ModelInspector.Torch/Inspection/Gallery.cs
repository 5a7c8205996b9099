using System.Collections.Immutable;
using ModelInspector.Datasets;
using ModelInspector.Findings;
using ModelInspector.Images;
using ModelInspector.Numerics;

namespace ModelInspector.Inspection;

/// <summary>Writes what a reader sees of the samples: thumbnail sheets of all, and some at display size with their masks.</summary>
internal sealed class Gallery(RunDirectory run, SampleReader samples)
{
    private const int ThumbnailSize = 48;
    private const int Across = 32;
    private const int PerSheet = 1024;
    private const int JpegQuality = 75;

    private readonly OpenCvImageCodec codec = new();

    /// <summary>Sheets of square thumbnails, in sample order; null for arrays that are no images.</summary>
    public ThumbnailSheets? Thumbnails(Job job)
    {
        if (!Pictures.Drawable(samples.Shape)) return null;
        var files = ImmutableArray.CreateBuilder<string>();
        for (var start = 0; start < samples.Count; start += PerSheet)
        {
            var file = $"thumbnails/{files.Count:D4}.jpg";
            File.WriteAllBytes(run.File(file), codec.EncodeJpeg(Sheet(start, Math.Min(PerSheet, samples.Count - start), job), JpegQuality));
            files.Add(file);
        }
        return new ThumbnailSheets(ThumbnailSize, Across, PerSheet, files.ToImmutable());
    }

    /// <summary>The chosen samples as the model sees them, with their masks.</summary>
    public ImmutableArray<ExampleImage> Examples(ImmutableArray<int> chosen) =>
        Pictures.Drawable(samples.Shape) ? [.. chosen.Select(Example)] : [];

    private ExampleImage Example(int index)
    {
        var loaded = samples.Load(index);
        var picture = Pictures.Of(loaded);
        var (file, mask) = ($"examples/{index:D6}.png", loaded.Mask is null ? null : $"examples/{index:D6}.mask.png");
        File.WriteAllBytes(run.File(file), codec.EncodePng(Pictures.EightBit(picture)));
        if (mask is not null) File.WriteAllBytes(run.File(mask), codec.EncodePng(Pictures.Mask(loaded.Mask!)));
        return new ExampleImage(index, file, picture.Width, picture.Height, mask);
    }

    private Picture Sheet(int start, int count, Job job)
    {
        var rows = (count + Across - 1) / Across;
        var sheet = new Picture(Across * ThumbnailSize, rows * ThumbnailSize, 3, 255, new float[Across * ThumbnailSize * rows * ThumbnailSize * 3]);
        RowParallel.Run(count, 1, (i, _, _) => Pictures.Paste(Pictures.Of(samples.Load(start + i)), sheet, i % Across * ThumbnailSize, i / Across * ThumbnailSize, ThumbnailSize), job.Cancel);
        job.Report("thumbnails", start + count, samples.Count);
        return sheet;
    }
}
