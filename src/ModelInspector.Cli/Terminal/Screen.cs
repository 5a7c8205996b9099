using System.Globalization;
using System.Text;

namespace ModelInspector.Cli.Terminal;

/// <summary>How long lines may be.</summary>
internal static class Screen
{
    /// <summary>Characters in a line: what COLUMNS says, else what the terminal has; without limit where the output is a file or a pipe.</summary>
    public static int Width() =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns > 0 ? columns
        : System.Console.IsOutputRedirected ? int.MaxValue : OfTerminal();

    /// <summary>A text in lines, broken between words.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">Characters in a line; a longer word is left whole.</param>
    /// <param name="indent">Spaces before every line but the first.</param>
    public static IEnumerable<string> Wrapped(string text, int width, int indent = 0)
    {
        var (line, isOpen) = (new StringBuilder(), false);
        foreach (var word in text.Split(' '))
        {
            if (isOpen && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear().Append(' ', indent);
            }
            else if (isOpen) line.Append(' ');
            isOpen = true;
            line.Append(word);
        }
        yield return line.ToString();
    }

    // A terminal that does not say its size has none.
    private static int OfTerminal()
    {
        try
        {
            return System.Console.WindowWidth is var width and > 0 ? width : int.MaxValue;
        }
        catch (IOException)
        {
            return int.MaxValue;
        }
    }
}
