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
        foreach (Match assigned in Untyped().Matches(Encoding.UTF8.GetString(code)))
            if (!Declarations.Contains(assigned.Groups[1].Value)) return $"sets `{assigned.Groups[1].Value}` in a class without saying its type";
        return null;
    }

    /// <summary>An assignment in a class body: libtorch takes a missing type for one that is there.</summary>
    [GeneratedRegex(@"^  (\S[^=:\n\[]*?)\s*=", RegexOptions.Multiline)]
    private static partial Regex Untyped();

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
