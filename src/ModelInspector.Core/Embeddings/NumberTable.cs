using System.Collections.Immutable;
using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using ModelInspector.Activations;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>Rows of numbers with what a file says of them.</summary>
/// <param name="Values">Rows × columns.</param>
/// <param name="Shape">Shape of one row in the file: an image's channels, rows and columns.</param>
/// <param name="Labels">Class of each row by the column <c>label</c>, in the order of first appearance; empty when there is none.</param>
/// <param name="LeftOut">Columns of a CSV that hold text, and so are no part of the rows.</param>
public sealed record NumberTable(Matrix Values, ImmutableArray<int> Shape, ImmutableArray<int> Labels, ImmutableArray<string> LeftOut)
{
    private const string LabelColumn = "label";

    /// <summary>
    /// Reads a <c>.npy</c> array (axes after the first are flattened) or a <c>.csv</c>: a first line of names if it holds a word, then one row a
    /// line. Columns in which no field is a number are left out; the column <c>label</c> gives classes.
    /// </summary>
    /// <exception cref="InputException">The file is missing or damaged, or a field is no number.</exception>
    public static NumberTable Read(string path)
    {
        if (string.Equals(Path.GetExtension(path), ".csv", StringComparison.OrdinalIgnoreCase)) return ReadCsv(path);
        var header = Npy.ReadHeader(path);
        return new(Npy.ReadMatrix(path), [.. header.Shape.Skip(1).Select(size => (int)size)], [], []);
    }

    private static NumberTable ReadCsv(string path)
    {
        var lines = Lines(path);
        var named = lines.Count > 0 && lines[0].Fields.Any(field => !IsNumber(field));
        string[] names = named ? lines[0].Fields : [.. Enumerable.Range(0, lines.FirstOrDefault().Fields?.Length ?? 0).Select(column => $"{column}")];
        if (named) lines.RemoveAt(0);
        if (lines.Count == 0) throw new InputException($"{path} holds no rows; expected one line of numbers a row, with or without a first line of names.");
        var label = Array.FindIndex(names, name => named && string.Equals(name, LabelColumn, StringComparison.OrdinalIgnoreCase));
        int[] numeric = [.. Enumerable.Range(0, names.Length).Where(column => column != label && lines.Any(line => IsNumber(line.Fields[column])))];
        return new(Numbers(path, lines, names, numeric), [numeric.Length], label < 0 ? [] : Classes(lines, label),
            [.. Enumerable.Range(0, names.Length).Where(column => column != label && !numeric.Contains(column)).Select(column => names[column])]);
    }

    private static List<(int Number, string[] Fields)> Lines(string path)
    {
        if (!File.Exists(path)) throw new InputException($"{path} does not exist; expected a .csv file.");
        var lines = new List<(int Number, string[] Fields)>();
        try
        {
            using var reader = new StreamReader(path);
            using var parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim, DetectDelimiter = false });
            while (parser.Read()) lines.Add((parser.RawRow, parser.Record!));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CsvHelperException)
        {
            throw new InputException($"{path} cannot be read as CSV: {error.Message.Split('\n')[0].TrimEnd('.', '\r')}. Expected fields with commas between them.", error);
        }
        var uneven = lines.FindIndex(line => line.Fields.Length != lines[0].Fields.Length);
        return uneven < 0 ? lines : throw new InputException(
            $"{path}, line {lines[uneven].Number} has {lines[uneven].Fields.Length} fields; the first line has {lines[0].Fields.Length}. Give every row all columns.");
    }

    private static Matrix Numbers(string path, List<(int Number, string[] Fields)> lines, string[] names, int[] columns)
    {
        if ((long)lines.Count * columns.Length > Array.MaxLength)
            throw new InputException($"{path} holds {lines.Count:N0} rows of {columns.Length:N0} numbers; at most {Array.MaxLength:N0} numbers fit. Split it.");
        var matrix = new Matrix(lines.Count, columns.Length);
        for (var row = 0; row < lines.Count; row++)
            for (var column = 0; column < columns.Length; column++)
                matrix[row, column] = TryNumber(lines[row].Fields[columns[column]], out var value) ? value : throw new InputException(
                    $"{path}, line {lines[row].Number}: column `{names[columns[column]]}` holds `{Shorten(lines[row].Fields[columns[column]])}`; expected a number. Fill it, or leave the row or column out.");
        return matrix;
    }

    private static ImmutableArray<int> Classes(List<(int Number, string[] Fields)> lines, int label)
    {
        var classes = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. lines.Select(line => line.Fields[label] == "" ? -1 : classes.TryGetValue(line.Fields[label], out var known) ? known : classes[line.Fields[label]] = classes.Count)];
    }

    private static string Shorten(string field) => field.Length > 40 ? field[..40] + "…" : field;

    private static bool IsNumber(string field) => TryNumber(field, out _);

    private static bool TryNumber(string field, out float value) => float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
