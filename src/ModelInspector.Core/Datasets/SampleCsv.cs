using System.Collections.Immutable;
using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace ModelInspector.Datasets;

/// <summary>A CSV file with the column <c>file</c> and, optionally, <c>label</c>, <c>mask</c> and any others. Paths are relative to the CSV.</summary>
internal static class SampleCsv
{
    private const double LongestField = 1 << 20;

    /// <summary>The rows of a CSV that names image files.</summary>
    public static Listing List(string path)
    {
        var table = Read(path);
        var file = table.Need("file");
        var (label, mask) = (table.Find("label"), table.Find("mask"));
        var others = Enumerable.Range(0, table.Header.Length).Where(column => column != file && column != label && column != mask).ToImmutableArray();
        var rows = table.Rows.Select(row => new Listed(
            row.Fields[file].Replace('\\', '/'),
            Existing(table, row, file)!,
            label is { } l ? row.Fields[l] : "",
            MaskOf(table, row, mask),
            [.. others.Select(column => row.Fields[column])])).ToImmutableArray();
        RefuseTwins(path, table, rows);
        return new(rows, [.. others.Select(column => table.Header[column])], []);
    }

    /// <summary>A CSV whole, with its line numbers; every row has as many fields as the header.</summary>
    public static CsvTable Read(string path)
    {
        if (!File.Exists(path)) throw new InputException($"{path} does not exist; expected a CSV file with the columns file,label.");
        try
        {
            using var reader = new StreamReader(path);
            using var parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                Delimiter = Delimiter(path),
                TrimOptions = TrimOptions.Trim,
                MaxFieldSize = LongestField,
                IgnoreBlankLines = true,
            });
            var header = Header(parser, path);
            return new(path, header, Rows(parser, header, path));
        }
        catch (CsvHelperException error)
        {
            throw new InputException($"{path}, line {error.Context?.Parser?.RawRow ?? 0}: this is no valid CSV. Look for a quotation mark that is not closed or not doubled.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {error.Message.TrimEnd('.')}.", error);
        }
    }

    private static string Delimiter(string path)
    {
        using var reader = new StreamReader(path);
        var buffer = new char[4096];
        var line = buffer.AsSpan(0, reader.ReadBlock(buffer));
        if (line.IndexOfAny('\r', '\n') is >= 0 and var end) line = line[..end];
        return line.Contains(',') ? "," : line.Contains(';') ? ";" : line.Contains('\t') ? "\t" : ",";
    }

    private static ImmutableArray<string> Header(CsvParser parser, string path)
    {
        if (!parser.Read()) throw new InputException($"{path} is empty; expected a header line with the columns file,label.");
        ImmutableArray<string> header = [.. parser.Record!];
        var twin = header.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        return twin is null ? header : throw new InputException($"{path} has {twin.Count()} columns called `{twin.Key}`; expected different names.");
    }

    private static ImmutableArray<CsvRow> Rows(CsvParser parser, ImmutableArray<string> header, string path)
    {
        var rows = ImmutableArray.CreateBuilder<CsvRow>();
        while (parser.Read())
        {
            if (parser.Count != header.Length)
                throw new InputException($"{path}, line {parser.RawRow}: {parser.Count} fields where the header has {header.Length}. Quote fields that hold a comma.");
            rows.Add(new(parser.RawRow, [.. parser.Record!]));
        }
        return rows.Count > 0 ? rows.ToImmutable() : throw new InputException($"{path} has a header and no row; expected one row an image.");
    }

    /// <summary>Full path of a row's mask; null if it names none.</summary>
    public static string? MaskOf(CsvTable table, CsvRow row, int? column) =>
        column is { } at && row.Fields[at] == "" ? null : Existing(table, row, column);

    /// <summary>Full path of the file that a field names; null if there is no such column.</summary>
    private static string? Existing(CsvTable table, CsvRow row, int? column)
    {
        if (column is not { } at) return null;
        var folder = Path.GetDirectoryName(Path.GetFullPath(table.Path))!;
        var named = row.Fields[at];
        if (named == "") throw new InputException($"{table.Path}, line {row.Line}: the field `{table.Header[at]}` is empty; expected a path relative to {folder}.");
        var full = named.Contains('\0', StringComparison.Ordinal) ? "" : Path.GetFullPath(named.Replace('\\', '/'), folder);
        return File.Exists(full) ? full : throw new InputException(
            $"{table.Path}, line {row.Line}: {named} does not exist in {folder}. Paths are relative to the CSV file.");
    }

    private static void RefuseTwins(string path, CsvTable table, ImmutableArray<Listed> rows)
    {
        var lines = new Dictionary<string, int>();
        foreach (var (listed, row) in rows.Zip(table.Rows))
            if (!lines.TryAdd(listed.File, row.Line))
                throw new InputException($"{path}: lines {lines[listed.File]} and {row.Line} both name {listed.Id}; expected each image once.");
    }
}

/// <summary>A CSV file's contents.</summary>
internal sealed record CsvTable(string Path, ImmutableArray<string> Header, ImmutableArray<CsvRow> Rows)
{
    public int? Find(string name) => Header.Select((header, index) => (header, index))
        .Where(column => string.Equals(column.header, name, StringComparison.OrdinalIgnoreCase)).Select(column => (int?)column.index).FirstOrDefault();

    public int Need(string name) => Find(name) ?? throw new InputException(
        $"{Path} has no column `{name}`; its columns are {string.Join(", ", Header.Take(12).Select(header => $"`{header}`"))}. The header must be file,label and any others.");
}

/// <summary>One row of a CSV file and the line it ends on.</summary>
internal sealed record CsvRow(int Line, ImmutableArray<string> Fields);
