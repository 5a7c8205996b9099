using System.CommandLine;
using ModelInspector.Cli.Terminal;
using ModelInspector.Findings;
using ModelInspector.Report;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>compare</c>: puts finished runs side by side on one page.</summary>
internal static class CompareVerb
{
    public static Command Create()
    {
        var runs = new Argument<string[]>("RUN_DIR") { Description = "Folders of two to eight runs, as `modelinspector inspect … -o DIR` wrote them.", Arity = ArgumentArity.OneOrMore };
        var output = Options.Output("The HTML file.");
        var verb = new Command("compare", "Put runs side by side with shared scales: verdicts, controls, accuracy, every measure by depth.") { runs, output };
        verb.SetAction((parsed, cancel) => Task.FromResult(Work.Run(0, cancel, job =>
        {
            job.Report("compare", 0, 1);
            ComparisonWriter.Write([.. parsed.GetValue(runs)!.Select(folder => new RunDirectory(folder))], parsed.GetValue(output)!);
            job.Report("compare", 1, 1);
            System.Console.WriteLine(parsed.GetValue(output));
            return 0;
        })));
        return verb;
    }
}
