namespace ModelInspector.Cli.Terminal;

/// <summary>Text for a shell.</summary>
internal static class Shell
{
    /// <summary>The command line of this process, to be run again.</summary>
    public static string Command() => "modelinspector " + string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Select(Quoted));

    /// <summary>An argument as a shell would take it.</summary>
    public static string Quoted(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsLetterOrDigit(c) || "-_./,:=@%+".Contains(c, StringComparison.Ordinal))
            ? argument
            : "'" + argument.Replace("'", @"'\''", StringComparison.Ordinal) + "'";
}
