using System.Collections.Immutable;

namespace ModelInspector.Datasets;

/// <summary>Labels and columns that come from another file than the images.</summary>
internal static class Labels
{
    /// <summary>Gives the images of a folder the rows of a CSV by their relative path; images that it does not name stay without label.</summary>
    public static Listing Join(Listing listing, string path)
    {
        var table = SampleCsv.Read(path);
        var (file, label, mask) = (table.Need("file"), table.Find("label"), table.Find("mask"));
        var others = Others(table, file, label, mask);
        var rows = ByFile(table, file);
        var joined = listing.Rows.Select(row => rows.Remove(row.Id, out var found)
            ? With(row, found, label, others) with { Mask = SampleCsv.MaskOf(table, found, mask) }
            : row with { Values = [.. others.Select(_ => "")] }).ToImmutableArray();
        return rows.Count == 0 ? listing with { Rows = joined, Columns = [.. others.Select(column => table.Header[column])] }
            : throw new InputException($"{path}, line {rows.Values.First().Line}: {rows.Keys.First()} is none of the {listing.Rows.Length} images. "
                + $"Near: {string.Join(", ", Names.Near(rows.Keys.First(), listing.Rows.Take(2000).Select(row => row.Id), 2))}. Paths are relative to the data folder.");
    }

    /// <summary>Gives the rows of an array the rows of a CSV in their order.</summary>
    public static Listing InOrder(Listing listing, string path)
    {
        var table = SampleCsv.Read(path);
        var label = table.Find("label");
        var others = Others(table, label);
        return table.Rows.Length == listing.Rows.Length
            ? listing with { Rows = [.. listing.Rows.Zip(table.Rows, (row, found) => With(row, found, label, others))], Columns = [.. others.Select(column => table.Header[column])] }
            : throw new InputException($"{path} has {table.Rows.Length} rows for {listing.Rows.Length} samples; expected one a sample, in the array's order.");
    }

    /// <summary>
    /// Where there is no label, the one column whose every value is a class of the model is taken for it.
    /// </summary>
    public static (Listing Listing, string? Note) Choose(Listing listing, ImmutableArray<string> classes)
    {
        if (listing.Rows.Any(row => row.Label != "")) return (listing, null);
        var fitting = Enumerable.Range(0, listing.Columns.Length).Where(column => listing.Rows.All(row => classes.Contains(row.Values[column]))).ToList();
        if (fitting.Count != 1) return (listing, "The data have no labels: accuracy and what rests on it is not measured.");
        var chosen = fitting[0];
        return (listing with { Rows = [.. listing.Rows.Select(row => row with { Label = row.Values[chosen] })] },
            $"Labels are the column `{listing.Columns[chosen]}`: its every value is a class name.");
    }

    private static Dictionary<string, CsvRow> ByFile(CsvTable table, int file)
    {
        var rows = new Dictionary<string, CsvRow>(StringComparer.Ordinal);
        foreach (var row in table.Rows)
            if (!rows.TryAdd(row.Fields[file].Replace('\\', '/'), row))
                throw new InputException($"{table.Path}: lines {rows[row.Fields[file].Replace('\\', '/')].Line} and {row.Line} both name {row.Fields[file]}; expected each image once.");
        return rows;
    }

    private static ImmutableArray<int> Others(CsvTable table, params int?[] known) =>
        [.. Enumerable.Range(0, table.Header.Length).Where(column => !known.Contains(column))];

    private static Listed With(Listed row, CsvRow found, int? label, ImmutableArray<int> others) =>
        row with { Label = label is { } column ? found.Fields[column] : row.Label, Values = [.. others.Select(other => found.Fields[other])] };
}
