using System.CommandLine;
using ModelInspector.Cli.Terminal;
using ModelInspector.Findings;
using ModelInspector.Report;

namespace ModelInspector.Cli.Verbs;

/// <summary><c>report</c>: writes a run's page again, without computing anything anew.</summary>
internal static class ReportVerb
{
    public static Command Create()
    {
        var folder = new Argument<string>("RUN_DIR") { Description = "Folder of a run, as `modelinspector inspect … -o DIR` wrote it." };
        var output = new Option<string?>("--output", "-o") { Description = "The HTML file; by default index.html in the run's folder." };
        var split = Folder();
        var most = new Option<int>("--most-samples") { Description = "Points that a map shows at most; above, a sample stratified by class is drawn, and the page says so.", DefaultValueFactory = _ => new ReportOptions().MostSamples };
        var verb = new Command("report", "Write the report of a finished run again, without computing anything anew.") { folder, output, split, most };
        verb.SetAction((parsed, cancel) => Task.FromResult(Work.Run(0, cancel, job =>
        {
            System.Console.WriteLine(Write(new RunDirectory(parsed.GetValue(folder)!), parsed.GetValue(output), new ReportOptions { Folder = parsed.GetValue(split), MostSamples = parsed.AtLeast(most, 1) }, job));
            return 0;
        })));
        return verb;
    }

    /// <summary>Whether the page's data lie beside it.</summary>
    public static Option<bool> Folder() => new("--folder") { Description = "Put the page's data into a folder beside it instead of into the page, for runs that would make a file too large to mail." };

    /// <summary>Writes the page and gives its path.</summary>
    public static string Write(RunDirectory run, string? output, ReportOptions options, Job job)
    {
        var page = output ?? System.IO.Path.Combine(run.Path, "index.html");
        job.Report("report", 0, 1);
        ReportWriter.Write(run, page, options);
        job.Report("report", 1, 1);
        return page;
    }
}
