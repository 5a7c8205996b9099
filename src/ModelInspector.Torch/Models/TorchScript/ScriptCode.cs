using System.Text;
using System.Text.RegularExpressions;

namespace ModelInspector.Models.TorchScript;

/// <summary>Looks at a file's code before libtorch's compiler does, which believes that nobody but PyTorch writes it.</summary>
internal static partial class ScriptCode
{
    private const int MostNesting = 200;

    private static readonly HashSet<string> Declarations =
        ["__parameters__", "__buffers__", "__annotations__", "__constants__", "__forward_pre_hooks__", "__forward_hooks__"];

    /// <summary>What is wrong with it, as a sentence without its subject; null when nothing is.</summary>
    internal static string? Problem(ReadOnlySpan<byte> code)
    {
        if (Nesting(code) is > MostNesting and var depth) return $"nests brackets or blocks {depth} deep";
        var isClass = true;
        foreach (var line in Statements(Encoding.UTF8.GetString(code)))
        {
            if (line[0] != ' ') isClass = !Function().IsMatch(line);
            else if (isClass && Untyped().Match(line) is { Success: true } set && !Declarations.Contains(set.Groups[1].Value))
                return $"sets `{set.Groups[1].Value}` in a class without saying its type";
        }
        return null;
    }

    /// <summary>An assignment in a class body: libtorch takes a missing type for one that is there.</summary>
    [GeneratedRegex(@"^  (\S[^=:\[]*?)\s*=")]
    private static partial Regex Untyped();

    /// <summary>The beginning of a function outside of any class; what follows it may set what it likes.</summary>
    [GeneratedRegex(@"^def\s")]
    private static partial Regex Function();

    /// <summary>Lines that begin a statement: not those inside of brackets, and no empty ones.</summary>
    private static IEnumerable<string> Statements(string code)
    {
        var depth = 0;
        foreach (var line in code.Split('\n'))
        {
            if (depth <= 0 && line.Length > 0) yield return line;
            depth += Opened(line);
        }
    }

    /// <summary>How many more brackets a line opens than it closes, texts left out.</summary>
    private static int Opened(string line)
    {
        var (depth, quote) = (0, '\0');
        for (var at = 0; at < line.Length; at++)
        {
            var c = line[at];
            if (quote != '\0' && c == '\\') at++;
            else if (quote != '\0') quote = c == quote ? '\0' : quote;
            else if (c is '"' or '\'') quote = c;
            else if (c is '(' or '[' or '{') depth++;
            else if (c is ')' or ']' or '}') depth--;
        }
        return depth;
    }

    /// <summary>Depth of brackets and indentation: libtorch's parser calls itself once for each.</summary>
    private static int Nesting(ReadOnlySpan<byte> code)
    {
        int depth = 0, deepest = 0, blanks = 0;
        var isMargin = true;
        foreach (var c in code)
        {
            if (c is (byte)'(' or (byte)'[' or (byte)'{') deepest = Math.Max(deepest, ++depth);
            else if (c is (byte)')' or (byte)']' or (byte)'}') depth--;
            blanks = c == '\n' ? 0 : isMargin && c == ' ' ? blanks + 1 : blanks;
            isMargin = c == '\n' || isMargin && c == ' ';
            deepest = Math.Max(deepest, blanks / 2);
        }
        return deepest;
    }
}
