using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelInspector.Findings;
using ModelInspector.Report.Tests.Synthetic;

namespace ModelInspector.Report.Tests;

/// <summary>A report read back the way a browser would: elements by their tags, blocks unpacked.</summary>
internal sealed partial class ReportedPage
{
    public ReportedPage(string html)
    {
        Html = html;
        Scripts = [.. Script().Matches(html).Select(match => (match.Groups[1].Value, match.Groups[2].Value))];
        Manifest = JsonNode.Parse(Scripts.Single(script => script.Attributes.Contains("mi:manifest", StringComparison.Ordinal)).Content)!.AsObject();
    }

    public string Html { get; }

    public IReadOnlyList<(string Attributes, string Content)> Scripts { get; }

    public JsonObject Manifest { get; }

    public string Program => Scripts.Single(script => script.Attributes == "").Content;

    public string Style => Html[(Html.IndexOf("<style>", StringComparison.Ordinal) + 7)..Html.IndexOf("</style>", StringComparison.Ordinal)];

    public static ReportedPage Of(SyntheticRun synthetic, ReportOptions? options = null)
    {
        using var scratch = new Scratch();
        synthetic.Write(scratch.Folder);
        return Write(scratch, options);
    }

    public static ReportedPage Write(Scratch scratch, ReportOptions? options = null)
    {
        ReportWriter.Write(new RunDirectory(scratch.Folder), scratch["index.html"], options);
        return new ReportedPage(File.ReadAllText(scratch["index.html"]));
    }

    public JsonObject Finding(string kind, Func<JsonObject, bool>? which = null) =>
        Manifest["findings"]!.AsArray().Select(node => node!.AsObject()).First(finding => (string)finding["kind"]! == kind && (which?.Invoke(finding) ?? true));

    public JsonObject Info(string id) => Manifest["blocks"]![id]!.AsObject();

    public byte[] Block(string id)
    {
        var stored = Convert.FromBase64String(Scripts.Single(script => script.Attributes.Contains($"id=\"mi:{id}\"", StringComparison.Ordinal)).Content);
        if ((string)Info(id)["type"]! == "image") return stored;
        using var gzip = new GZipStream(new MemoryStream(stored), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }

    // As the HTML standard ends a script element: at the first "</script", whatever stands around it.
    [GeneratedRegex("<script([^>]*)>(.*?)</script", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Script();
}
