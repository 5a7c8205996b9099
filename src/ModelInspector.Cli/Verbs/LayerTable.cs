namespace ModelInspector.Cli.Verbs;

/// <summary>The rows of <c>layers</c> in lines of a width: what does not fit is shortened or left out, the least telling first, and said so.</summary>
internal sealed class LayerTable
{
    private const int Gap = 2;
    private const int Layer = 0, Operator = 1, Output = 2, Parameters = 3, Products = 4, Bytes = 5, Sees = 6, Step = 7, From = 8, Time = 9;

    private static readonly string[] Titles = ["layer", "operator", "output", "parameters", "mult-adds", "bytes", "sees", "step", "from", "time"];

    private static readonly (int Column, string Meaning)[] Legend =
    [
        (Sees, "sees: input positions that one output position depends on, at most"),
        (Step, "step: from one to the next"),
        (From, "from: the first that position 0 sees (negative: padding)"),
    ];

    private readonly string[][] rows;
    private readonly int[] widths;
    private readonly int[] natural;
    private readonly int width;

    /// <summary>Rows of one cell a title; a column whose cells are all empty is not shown.</summary>
    public LayerTable(string[][] rows, int width)
    {
        (this.rows, this.width) = (rows, width);
        natural = [.. Titles.Select((title, column) => rows.Any(row => row[column].Length > 0) ? rows.Max(row => Math.Max(row[column].Length, title.Length)) : 0)];
        widths = [.. natural];
        foreach (var (column, floor) in Yielding()) Yield(column, floor);
        foreach (var column in new[] { Operator, Layer }) widths[column] += Math.Clamp(-Excess, 0, natural[column] - widths[column]);
    }

    /// <summary>The head and one line a layer.</summary>
    public IEnumerable<string> Lines => rows.Prepend(Titles).Select(Line);

    /// <summary>What the columns mean that are shown.</summary>
    public string Meaning => string.Join("; ", Legend.Where(entry => widths[entry.Column] > 0).Select(entry => entry.Meaning)) is { Length: > 0 } all ? all + "." : "";

    /// <summary>What did not fit; empty if all did.</summary>
    public string Missing
    {
        get
        {
            var left = string.Join(", ", Titles.Where((_, column) => widths[column] == 0 && natural[column] > 0));
            var isShort = widths.Zip(natural).Any(pair => pair.First > 0 && pair.First < pair.Second);
            string[] what = [.. left.Length > 0 ? [$"{left} left out"] : Array.Empty<string>(), .. isShort ? ["texts with … shortened"] : Array.Empty<string>()];
            return what.Length == 0 ? "" : $"To fit {width} columns: {string.Join("; ", what)}. Whole in a wider terminal, in a pipe, or by --json.";
        }
    }

    // In which order columns give way, and down to which width; 0 leaves them out.
    private IEnumerable<(int Column, int Floor)> Yielding() =>
    [
        (Layer, Math.Max(20, width / 3)), (From, 0), (Step, 0), (Operator, 10), (Bytes, 0), (Time, 0), (Operator, 8), (Sees, 0),
        (Products, 0), (Parameters, 0), (Output, 8), (Layer, 8),
    ];

    private void Yield(int column, int floor)
    {
        if (Excess > 0) widths[column] = floor == 0 ? 0 : Math.Max(Math.Min(widths[column], floor), widths[column] - Excess);
    }

    private int Excess => Math.Max(0, widths.Where(each => each > 0).Sum(each => each + Gap) - Gap) - width;

    private string Line(string[] row) =>
        string.Join(new string(' ', Gap), row.Index().Where(cell => widths[cell.Index] > 0).Select(cell => Cell(cell.Item, cell.Index))).TrimEnd();

    private string Cell(string text, int column) => column > Output ? text.PadLeft(widths[column])
        : Shortened(text, widths[column], column == Layer ? widths[column] / 3 : widths[column] - 1).PadRight(widths[column]);

    // The end of a layer's name tells more than its beginning, which its neighbours share.
    private static string Shortened(string text, int width, int head) => text.Length <= width ? text : $"{text[..head]}…{text[^(width - head - 1)..]}";
}
