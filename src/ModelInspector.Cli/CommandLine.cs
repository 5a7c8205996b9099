using System.Collections.Frozen;
using System.CommandLine;
using System.Runtime.InteropServices;
using ModelInspector.Cli.Terminal;
using ModelInspector.Cli.Verbs;

namespace ModelInspector.Cli;

/// <summary>The program: its verbs, and how its errors reach the user. Exit codes: 0 done, 1 bad input, 2 bad usage, 130 cancelled.</summary>
internal static class CommandLine
{
    private static readonly FrozenSet<string> Resuming = ["demo", "inspect", "capture", "evaluate", "study"];

    public static int Run(string[] arguments)
    {
        var parsed = Root().Parse(arguments);
        if (parsed.Errors.Count > 0) return Usage(parsed);
        try
        {
            return Invoke(parsed);
        }
        catch (Exception error) when (Sentence(error, parsed) is { } sentence)
        {
            System.Console.Error.WriteLine(sentence);
            return error is OperationCanceledException ? 130 : error is UsageException ? 2 : 1;
        }
    }

    // The library listens to Ctrl-C only once an action has returned its task; ours do their work before that.
    private static int Invoke(ParseResult parsed)
    {
        using var stop = new CancellationTokenSource();
        ConsoleCancelEventHandler cancel = (_, pressed) => pressed.Cancel = Cancel(stop);
        System.Console.CancelKeyPress += cancel;
        try
        {
            return parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }, stop.Token).GetAwaiter().GetResult();
        }
        finally
        {
            System.Console.CancelKeyPress -= cancel;
        }
    }

    // The second Ctrl-C ends the program at once.
    private static bool Cancel(CancellationTokenSource stop)
    {
        var isFirst = !stop.IsCancellationRequested;
        stop.Cancel();
        return isFirst;
    }

    private static RootCommand Root() => new("Shows what a neural network learned: activations, embeddings, attributions, and whether it cheats.")
    {
        DemoVerb.Create(),
        InspectVerb.Create(),
        LayersVerb.Create(),
        PredictVerb.Create(),
        CaptureVerb.Create(),
        EmbedVerb.Create(),
        ClusterVerb.Create(),
        AttributeVerb.Create(),
        EvaluateVerb.Create(),
        ReportVerb.Create(),
        CompareVerb.Create(),
        MethodsVerb.Create(),
        SampleVerb.Create(),
        StudyVerb.Create(),
        DoctorVerb.Create(),
    };

    // A bare command that has commands of its own is answered with the list of them.
    private static int Usage(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens.Count == 0 && parsed.CommandResult.Command.Subcommands.Count > 0)
        {
            Root().Parse([.. parsed.Tokens.Select(token => token.Value), "--help"]).Invoke(new InvocationConfiguration { Output = System.Console.Error });
            return 2;
        }
        foreach (var error in UsageErrors.Of(parsed)) System.Console.Error.WriteLine(error);
        System.Console.Error.WriteLine($"Usage: `{UsageErrors.Path(parsed.CommandResult)} --help`.");
        return 2;
    }

    // What a user can act on becomes a sentence; anything else is a defect and keeps its trace.
    private static string? Sentence(Exception error, ParseResult parsed) => error switch
    {
        InputException or UsageException => error.Message,
        OperationCanceledException => UsageErrors.Path(parsed.CommandResult).Split(' ').Any(Resuming.Contains)
            ? "Cancelled. What was finished is kept; the same command goes on from there."
            : "Cancelled. Nothing half done is left; the same command begins again.",
        AggregateException { InnerException: { } inner } => Sentence(inner, parsed),
        TypeInitializationException { InnerException: { } inner } => Sentence(inner, parsed),
        DllNotFoundException => error.Message,
        EntryPointNotFoundException => "The native bridge is older than the program. Build it again: src/LibTorch/native/build.sh.",
        IOException or UnauthorizedAccessException => $"A file could not be read or written: {error.Message}",
        OutOfMemoryException => "There is not enough memory for this. Use fewer layers, smaller images or a smaller --batch.",
        ExternalException when error.Message.Contains("allocate memory", StringComparison.Ordinal) =>
            "There is not enough memory for this. Use fewer layers, smaller images or a smaller --batch.",
        _ => null,
    };
}

/// <summary>The command line itself is wrong: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
