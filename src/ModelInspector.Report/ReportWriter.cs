using System.Text.Json.Nodes;
using ModelInspector.Findings;
using ModelInspector.Report.Page;
using ModelInspector.Report.Payload;
using ModelInspector.Report.Sections;

namespace ModelInspector.Report;

/// <summary>Turns a run into one HTML page that needs no network, no server and no other file.</summary>
public static class ReportWriter
{
    /// <summary>
    /// Reads <c>run.json</c>, <c>findings.json</c> and the files that the findings name, and writes the page.
    /// The page is written beside its place and moved into it. The same run gives the same bytes.
    /// </summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="htmlPath">Where the page goes; its folder is created.</param>
    /// <param name="options">Form and limits; null for one file with the usual limits.</param>
    /// <exception cref="InputException">The folder holds no run, or a file that a finding names is missing, outside the folder or not what the finding says.</exception>
    public static void Write(RunDirectory run, string htmlPath, ReportOptions? options = null)
    {
        options ??= new ReportOptions();
        var record = run.ReadRun();
        var findings = run.ReadFindings();
        var blocks = new Blocks(run, Shown.Of(findings, options.MostSamples, record.Seed));
        ISection[] sections = [new First(), new Data(), new Model(), new Map(), new Attributions(), new Units(), new Separation(), new Codes(), new Rest()];
        var packed = findings.Select(finding => sections.Select(section => section.Pack(finding, blocks)).First(json => json is not null)!).ToList();
        var manifest = new Manifest(RunDirectory.ToJson(record), packed, blocks);
        new HtmlFile(TitleOf(findings, record), manifest.ToString(), blocks.All).Save(System.IO.Path.GetFullPath(htmlPath), options.Folder);
    }

    private static string TitleOf(IEnumerable<Finding> findings, RunRecord record) =>
        findings.OfType<Verdict>().FirstOrDefault() is { } verdict
            ? $"{verdict.Title} · {System.IO.Path.GetFileName(record.Model)}"
            : $"ModelInspector · {System.IO.Path.GetFileName(record.Model)}";
}
