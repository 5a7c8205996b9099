using System.Collections.Immutable;
using System.IO.Enumeration;

namespace ModelInspector.Datasets;

/// <summary>A folder of images: the first sub-folder is the class, images directly in the folder have none.</summary>
internal static class ImageFolder
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".png", ".jpg", ".jpeg", ".jpe", ".tif", ".tiff", ".bmp", ".webp", ".jp2", ".pnm", ".pgm", ".ppm", ".pbm",
    };

    public static string Formats => "PNG, JPEG, TIFF, BMP, WebP, JPEG 2000 or PNM";

    public static bool IsImage(string file) => Extensions.Contains(Path.GetExtension(file));

    /// <summary>Lists a folder, without the masks if they lie inside.</summary>
    public static Listing List(string folder, string? masks)
    {
        var inside = masks is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(masks)) + Path.DirectorySeparatorChar;
        var files = Files(folder).Where(file => inside is null || !Path.GetFullPath(file).StartsWith(inside, StringComparison.Ordinal)).ToList();
        var images = files.Where(IsImage).Select(file => Row(folder, file)).OrderBy(row => row.Id, StringComparer.Ordinal).ToImmutableArray();
        if (images.IsEmpty)
            throw new InputException($"{folder} holds no image{(files.Count > 0 ? $" among its {files.Count} files" : "")}. Expected {Formats} files, in one sub-folder a class or directly in it.");
        return new(images, [], [.. files.Where(file => !IsImage(file)).Select(file => $"{Id(folder, file)}: no image by its name").Order(StringComparer.Ordinal)]);
    }

    public static string Id(string folder, string file) => Path.GetRelativePath(folder, file).Replace('\\', '/');

    /// <summary>All files below a folder. Hidden ones are left out; linked folders are not entered, because they may form a loop.</summary>
    public static IEnumerable<string> Files(string folder)
    {
        try
        {
            return [.. new FileSystemEnumerable<string>(
                folder,
                (ref FileSystemEntry entry) => entry.ToFullPath(),
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false })
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && !entry.FileName.StartsWith("."),
                ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.FileName.StartsWith(".") && (entry.Attributes & FileAttributes.ReparsePoint) == 0,
            }];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{folder} cannot be listed: {error.Message.TrimEnd('.')}.", error);
        }
    }

    private static Listed Row(string folder, string file)
    {
        var id = Id(folder, file);
        return new(id, file, id.IndexOf('/') is > 0 and var slash ? id[..slash] : "", null, []);
    }
}
