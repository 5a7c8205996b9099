using System.Collections.Immutable;
using System.Globalization;
using ModelInspector.Activations;
using ModelInspector.Findings;

namespace ModelInspector.Datasets;

/// <summary>What may be given beside the data.</summary>
/// <param name="Masks">Folder of masks with the images' relative paths and names, any image extension; for a <c>.npy</c> of data, a <c>.npy</c> (N, H, W).</param>
/// <param name="Labels">CSV with labels and further columns for a folder or array: <c>file,label,…</c>; for an array in its order, <c>file</c> not needed.</param>
/// <param name="Classes">The model's class names in the order of its outputs; empty when not known.</param>
public sealed record DataOptions(string? Masks, string? Labels, ImmutableArray<string> Classes)
{
    /// <summary>Nothing but the data.</summary>
    public static DataOptions None { get; } = new(null, null, []);
}

/// <summary>Images to look at, in a fixed order, listed but not read.</summary>
/// <param name="Path">Folder, CSV file, image or <c>.npy</c> file, as given.</param>
/// <param name="Samples">In the order in which every per-sample array counts them.</param>
/// <param name="Classes">Class names; labels index into it.</param>
/// <param name="Columns">Every column of the CSV but <c>file</c>, <c>label</c> and <c>mask</c>: patient, scanner …</param>
public sealed record DataSet(string Path, ImmutableArray<Sample> Samples, ImmutableArray<string> Classes, ImmutableArray<SampleColumn> Columns)
{
    /// <summary>Files that were left out, each with its reason.</summary>
    public ImmutableArray<string> Skipped { get; init; } = [];

    /// <summary>What a reader should know of how the data were understood.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>The <c>.npy</c> file that holds the samples, (N, C, H, W) or any shape that the model takes; null for images.</summary>
    public string? Array { get; init; }

    /// <summary>The <c>.npy</c> file that holds the masks of an array, (N, H, W); null when there is none.</summary>
    public string? MaskArray { get; init; }

    /// <summary>Samples with a mask.</summary>
    public int MaskCount => MaskArray is null ? Samples.Count(sample => sample.Mask is not null) : Samples.Length;

    /// <summary>Lists a folder of images (class = first sub-folder), a CSV (<c>file,label,…</c>), one image, or a <c>.npy</c> of inputs.</summary>
    /// <exception cref="InputException">The data are missing, empty, or contradict themselves.</exception>
    public static DataSet Open(string path, DataOptions options)
    {
        if (Directory.Exists(path)) return Images(path, ImageFolder.List(path, options.Masks), options);
        if (!File.Exists(path))
            throw new InputException($"{path} does not exist. Expected a folder of images, a CSV file with the columns file,label, or a .npy file.");
        return System.IO.Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".npy" => Rows(path, options),
            ".csv" or ".tsv" or ".txt" => Images(path, SampleCsv.List(path), options),
            _ when ImageFolder.IsImage(path) => Images(path, new([new(System.IO.Path.GetFileName(path), path, "", null, [])], [], []), options),
            _ => throw new InputException($"{path} is no data set by its name. Expected a folder of images, a .csv file with the columns file,label, a .npy file or an image."),
        };
    }

    /// <summary>The values of a column, one a sample; null if there is none of that name.</summary>
    public ImmutableArray<string>? Column(string name) =>
        Columns.FirstOrDefault(column => string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase))?.Values;

    private static DataSet Images(string path, Listing listing, DataOptions options)
    {
        var listed = options.Labels is null ? listing : Labels.Join(listing, options.Labels);
        return Labelled(path, listed with { Rows = Masks.Attach(listed.Rows, options.Masks) }, options.Classes);
    }

    private static DataSet Rows(string path, DataOptions options)
    {
        var header = Npy.ReadHeader(path);
        if (header.Shape.Length < 2 || header.Shape[0] == 0)
            throw new InputException($"{path} has the shape ({string.Join(", ", header.Shape)}); expected (N, C, H, W) with at least one sample.");
        if (header.Shape[0] > int.MaxValue) throw new InputException($"{path} has {header.Shape[0]:N0} samples; at most {int.MaxValue:N0} can be used.");
        var listing = new Listing([.. Enumerable.Range(0, (int)header.Shape[0]).Select(row => new Listed(row.ToString(CultureInfo.InvariantCulture), "", "", null, []))], [], []);
        var data = Labelled(path, options.Labels is null ? listing : Labels.InOrder(listing, options.Labels), options.Classes);
        return data with { Array = path, MaskArray = options.Masks is null ? null : MasksOf(path, header, options.Masks) };
    }

    private static string MasksOf(string path, NpyHeader header, string masks)
    {
        var found = Npy.ReadHeader(masks).Shape;
        var expected = header.Shape.RemoveRange(1, 1);
        return found.SequenceEqual(expected) ? masks : throw new InputException(
            $"{masks} has the shape ({string.Join(", ", found)}); the masks of {path} must be ({string.Join(", ", expected)}).");
    }

    private static DataSet Labelled(string path, Listing listing, ImmutableArray<string> known)
    {
        var (labelled, note) = Labels.Choose(listing, known);
        var classes = ClassNames.Of(known, labelled.Rows.Select(row => row.Label));
        return new(
            path,
            [.. labelled.Rows.Select(row => new Sample(row.Id, row.File, classes.Index(row.Label, row.Id), row.Mask))],
            classes.Names,
            [.. labelled.Columns.Select((name, column) => new SampleColumn(name, [.. labelled.Rows.Select(row => row.Values[column])]))])
        {
            Skipped = labelled.Skipped,
            Notes = [.. new[] { note, classes.Note }.OfType<string>()],
        };
    }
}
