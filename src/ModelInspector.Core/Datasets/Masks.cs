using System.Collections.Immutable;

namespace ModelInspector.Datasets;

/// <summary>Masks beside images: the same relative path in another folder, with any image extension.</summary>
internal static class Masks
{
    /// <summary>Gives each sample that has none its mask, if there is one.</summary>
    public static ImmutableArray<Listed> Attach(ImmutableArray<Listed> rows, string? folder)
    {
        if (folder is null) return rows;
        if (!Directory.Exists(folder)) throw new InputException($"{folder} is no folder; --masks expects one with masks that have the images' names.");
        var masks = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in ImageFolder.Files(folder).Where(ImageFolder.IsImage).Order(StringComparer.Ordinal))
            if (!masks.TryAdd(Stem(ImageFolder.Id(folder, file)), file))
                throw new InputException($"{masks[Stem(ImageFolder.Id(folder, file))]} and {file} are masks of the same image; remove one.");
        ImmutableArray<Listed> found = [.. rows.Select(row => row.Mask is null ? row with { Mask = masks.GetValueOrDefault(Stem(row.Id)) } : row)];
        return found.Any(row => row.Mask is not null) ? found : throw new InputException(
            $"{folder} has no mask for any of the {rows.Length} images. Expected the images' names there, for example {Stem(rows[0].Id)}.png.");
    }

    private static string Stem(string id) => Path.ChangeExtension(id, null);
}
