using ModelInspector.Findings;
using ModelInspector.Report.Tests.Synthetic;

namespace ModelInspector.Report.Tests;

/// <summary>Writes the reports that the viewer's end-to-end tests open in a browser: <c>artifacts/report-fixtures</c>.</summary>
public sealed class BrowserFixtures
{
    private const string Hostile = "<img src=x onerror=alert(1)></script><script>alert(2)</script>\"'&`${1}\u202e abc \ud83d\ude00";

    [Theory]
    [InlineData("shortcut", VerdictState.ShortcutFound)]
    [InlineData("suspicious", VerdictState.Suspicious)]
    [InlineData("clean", VerdictState.NoneFound)]
    [InlineData("cannot-tell", VerdictState.CannotTell)]
    public void A_report_of_each_verdict_is_written(string name, VerdictState state) =>
        Assert.InRange(Write(name, new SyntheticRun { State = state, Samples = state == VerdictState.ShortcutFound ? 200 : 80, Examples = state == VerdictState.ShortcutFound ? 24 : 6 }), 100_000, 4_000_000);

    [Fact]
    public void A_report_full_of_hostile_names_is_written() =>
        Assert.InRange(Write("hostile", new SyntheticRun { Hostile = Hostile, Samples = 40, Examples = 6 }), 100_000, 4_000_000);

    [Fact]
    public void A_report_of_two_hundred_layers_is_written() =>
        Assert.InRange(Write("deep", new SyntheticRun { Layers = 200, Samples = 40, Examples = 4, Size = 48 }), 100_000, 5_000_000);

    [Fact]
    public void A_report_in_a_folder_is_written() =>
        Assert.InRange(Write("folder", new SyntheticRun { Samples = 60, Examples = 6 }, new ReportOptions { Folder = true }), 100_000, 600_000);

    [Fact]
    public void A_report_of_a_network_of_one_number_is_written() =>
        Assert.InRange(Write("number", new SyntheticRun { OneNumber = true, State = VerdictState.NoneFound, Samples = 40, Examples = 6, Layers = 3, Size = 48 }), 100_000, 4_000_000);

    [Fact]
    public void Comparisons_of_runs_without_classes_are_written()
    {
        var run = new SyntheticRun { Samples = 60, Examples = 4, Layers = 3, Size = 32 };
        Compare("comparison-of-numbers", ("one", run with { OneNumber = true }), ("other", run with { OneNumber = true, Samples = 40 }));
        Compare("comparison-without-labels", ("one", run with { Unlabelled = true }), ("other", run with { Unlabelled = true, State = VerdictState.NoneFound }));
    }

    [Fact]
    public void A_comparison_of_four_runs_is_written() => Compare("comparison",
        ("clean", new() { State = VerdictState.NoneFound, Samples = 60, Examples = 4 }), ("shortcut", new() { Samples = 60, Examples = 4 }),
        ("deeper", new() { State = VerdictState.CannotTell, Samples = 40, Layers = 11, Examples = 4 }), ("hostile<img src=x onerror=alert(1)>\u202e", new() { Hostile = Hostile, Samples = 40, Examples = 4 }));

    private static void Compare(string page, params (string Name, SyntheticRun Run)[] runs)
    {
        using var scratch = new Scratch();
        foreach (var (name, run) in runs) run.Write(scratch[name]);
        ComparisonWriter.Write([.. runs.Select(run => new RunDirectory(scratch[run.Name]))], Place(page));
        Assert.InRange(new FileInfo(Place(page)).Length, 100_000, 1_000_000);
    }

    [Fact]
    public void A_report_of_names_as_long_as_a_book_and_of_no_names_is_written()
    {
        Assert.InRange(Write("endless", new SyntheticRun { Hostile = string.Concat(Enumerable.Repeat("word", 2_500)), Samples = 12, Examples = 4, Layers = 3, Size = 48 }), 100_000, 8_000_000);
        Assert.InRange(Write("nameless", new SyntheticRun { Nameless = true, Samples = 12, Examples = 4, Layers = 3, Size = 48 }), 100_000, 4_000_000);
    }

    private static long Write(string name, SyntheticRun synthetic, ReportOptions? options = null)
    {
        using var scratch = new Scratch();
        synthetic.Write(scratch.Folder);
        if (synthetic.Hostile != "") AddUnknownFinding(scratch["findings.json"]);
        var page = Place(name);
        ReportWriter.Write(new RunDirectory(scratch.Folder), page, options);
        return new FileInfo(page).Length;
    }

    private static string Place(string name) => Path.Combine(Root(), "artifacts", "report-fixtures", name + ".html");

    private static void AddUnknownFinding(string file)
    {
        var text = File.ReadAllText(file);
        var end = text.LastIndexOf(']');
        File.WriteAllText(file, text[..end] + """,{"kind":"from-the-future","title":"New</script>","answer":42}""" + text[end..]);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ModelInspector.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
