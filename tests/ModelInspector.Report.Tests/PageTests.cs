using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using ModelInspector.Findings;
using ModelInspector.Report.Page;
using ModelInspector.Report.Tests.Synthetic;

namespace ModelInspector.Report.Tests;

public sealed class PageTests
{
    private static readonly SyntheticRun Small = new() { Samples = 20, Examples = 4, Layers = 3, Size = 32 };

    private const string Hostile = "</script><script>alert(1)</script><!--<script>\"'&\u2028\u202e";

    [Fact]
    public void The_policy_names_exactly_the_script_and_the_style_that_the_page_holds()
    {
        var page = ReportedPage.Of(Small);
        Assert.Contains($"script-src {Hash(page.Program)};", page.Html, StringComparison.Ordinal);
        Assert.Contains($"style-src {Hash(page.Style)};", page.Html, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_from_a_file_can_end_the_element_that_it_stands_in()
    {
        var (plain, hostile) = (ReportedPage.Of(Small), ReportedPage.Of(Small with { Hostile = Hostile }));
        Assert.Equal(plain.Scripts.Count, hostile.Scripts.Count);
        Assert.Equal(Hash(plain.Program), Hash(hostile.Program));
        Assert.DoesNotContain("alert(1)</script", hostile.Html, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith(Hostile, (string)hostile.Finding("verdict")["title"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void The_program_cannot_confuse_the_element_that_it_stands_in()
    {
        Assert.DoesNotContain("</script", Viewer.Script, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<!--", Viewer.Script, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", Viewer.Script, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("</style", Viewer.Style, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http:", Viewer.Style, StringComparison.Ordinal);
    }

    [Fact]
    public void The_viewer_is_at_most_400_KiB_compressed()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(Viewer.Script + Viewer.Style));
        Assert.InRange(packed.Length, 20 * 1024, 400 * 1024);
    }

    [Fact]
    public void The_same_run_gives_the_same_bytes() => Assert.Equal(ReportedPage.Of(Small).Html, ReportedPage.Of(Small).Html);

    [Fact]
    public void Nothing_half_written_is_left_and_the_old_page_is_replaced()
    {
        using var scratch = new Scratch();
        Small.Write(scratch.Folder);
        File.WriteAllText(scratch["index.html"], "old");
        Assert.StartsWith("<!doctype html>", ReportedPage.Write(scratch).Html, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(scratch.Folder, "*.part", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_folder_report_keeps_its_blocks_beside_the_page()
    {
        using var scratch = new Scratch();
        Small.Write(scratch.Folder);
        var page = ReportedPage.Write(scratch, new ReportOptions { Folder = true });
        Assert.Equal(2, page.Scripts.Count);
        foreach (var (id, _) in page.Manifest["blocks"]!.AsObject())
            Assert.StartsWith($"MI.put(\"{id}\",\"", File.ReadAllText(scratch[$"index.data/{id}.js"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Writing_where_nothing_can_be_written_is_one_sentence()
    {
        using var scratch = new Scratch();
        Small.Write(scratch.Folder);
        File.WriteAllText(scratch["file"], "");
        var error = Assert.Throws<InputException>(() => ReportWriter.Write(new RunDirectory(scratch.Folder), scratch["file/index.html"]));
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
    }

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
