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
    private const int ProbeSize = 96;
    private const int ProbesAcross = 16;
    private const int ProbesPerSheet = 256;

    private readonly OpenCvImageCodec codec = new();

    /// <summary>Sheets of square thumbnails, in sample order; null for arrays that are no images.</summary>
    public ThumbnailSheets? Thumbnails(Job job) =>
        Sheets("thumbnails", [.. Enumerable.Range(0, samples.Count)], new(ThumbnailSize, Across, PerSheet, []), job);

    /// <summary>Sheets of larger square pictures of chosen samples, in their order; null for arrays that are no images.</summary>
    public ThumbnailSheets? Probes(ImmutableArray<int> chosen, Job job) =>
        Sheets("units", chosen, new(ProbeSize, ProbesAcross, ProbesPerSheet, []), job);

    /// <summary>The chosen samples as the model sees them, with their masks.</summary>
    public ImmutableArray<ExampleImage> Examples(ImmutableArray<int> chosen) =>
        Pictures.Drawable(samples.Shape) ? [.. chosen.Select(Example)] : [];

    private ExampleImage Example(int index)
    {
        var loaded = samples.Load(index);
        var (picture, slices) = Pictures.Stacked(loaded);
        var (file, mask) = ($"examples/{index:D6}.png", loaded.Mask is null ? null : $"examples/{index:D6}.mask.png");
        File.WriteAllBytes(run.File(file), codec.EncodePng(Pictures.EightBit(picture)));
        if (mask is not null) File.WriteAllBytes(run.File(mask), codec.EncodePng(Pictures.Mask(loaded.Mask!)));
        return new ExampleImage(index, file, picture.Width, picture.Height / slices, mask) { Slices = slices };
    }

    private ThumbnailSheets? Sheets(string folder, ImmutableArray<int> chosen, ThumbnailSheets form, Job job)
    {
        if (!Pictures.Drawable(samples.Shape) || chosen.IsEmpty) return null;
        var files = ImmutableArray.CreateBuilder<string>();
        foreach (var part in chosen.Chunk(form.PerSheet))
        {
            var file = $"{folder}/{files.Count:D4}.jpg";
            File.WriteAllBytes(run.File(file), codec.EncodeJpeg(Sheet(part, form, job.Cancel), JpegQuality));
            files.Add(file);
            job.Report(folder == "units" ? "units' pictures" : folder, Math.Min(files.Count * form.PerSheet, chosen.Length), chosen.Length);
        }
        return form with { Files = files.ToImmutable() };
    }

    private Picture Sheet(int[] part, ThumbnailSheets form, CancellationToken cancel)
    {
        var (width, height) = (form.Across * form.Size, (part.Length + form.Across - 1) / form.Across * form.Size);
        var sheet = new Picture(width, height, 3, 255, new float[width * height * 3]);
        RowParallel.Run(part.Length, 1, (i, _, _) => Pictures.Paste(Pictures.Of(samples.Load(part[i])), sheet, i % form.Across * form.Size, i / form.Across * form.Size, form.Size), cancel);
        return sheet;
    }
}
