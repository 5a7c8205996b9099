using System.CommandLine;
using System.CommandLine.Parsing;

namespace ModelInspector.Cli.Terminal;

/// <summary>What is wrong with a command line, in words: unknown names with those that come near, then what is missing.</summary>
internal static class UsageErrors
{
    /// <summary>One sentence an error; where names are unknown, only these: the rest follows from them.</summary>
    public static IEnumerable<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return parsed.UnmatchedTokens.Count > 0 && Known(command) is { Length: > 0 } known && Named(parsed, command) is { Length: > 0 } named
            ? named.Select(name => $"`{name}` is unknown to `{Path(parsed.CommandResult)}`. Near: {string.Join(", ", Names.Near(name, known, 2))}.")
            : parsed.Errors.Select(error => error.Message);
    }

    /// <summary>The command as it is typed: <c>modelinspector study sam-specificity</c>.</summary>
    public static string Path(SymbolResult? command) => command switch
    {
        CommandResult { Command: RootCommand } or null => "modelinspector",
        CommandResult verb => $"{Path(verb.Parent)} {verb.Command.Name}",
        _ => Path(command.Parent),
    };

    // A value after an unknown option is not at fault; a word is, where a command was expected.
    private static string[] Named(ParseResult parsed, Command command) =>
        command.Subcommands.Count > 0
            ? [parsed.UnmatchedTokens[0]]
            : [.. parsed.UnmatchedTokens.Where(token => token.StartsWith('-'))];

    private static string[] Known(Command command) => command.Subcommands.Count > 0
        ? [.. command.Subcommands.Select(one => one.Name)]
        : [.. command.Options.Select(option => option.Name)];
}
