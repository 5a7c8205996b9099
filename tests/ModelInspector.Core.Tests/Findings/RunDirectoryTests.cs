using ModelInspector.Findings;

namespace ModelInspector.Core.Tests.Findings;

public sealed class RunDirectoryTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private RunDirectory Run => new(_scratch.Folder);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Findings_come_back_as_they_were_written()
    {
        Run.Write([new DataAndLimits("Data", Provenance.Of("count", 7), 3, 2, ["resize to 8"], [], ["all used"], [new StageTime("capture", 1.5)])]);
        var data = Assert.IsType<DataAndLimits>(Assert.Single(Run.ReadFindings()));
        Assert.Equal((3, 2, 7ul, "resize to 8", 1.5), (data.Samples, data.Masks, data.From.Seed, data.Preprocessing[0], data.Stages[0].Seconds));
    }

    [Fact]
    public void A_finding_of_an_unknown_kind_is_kept_as_it_is()
    {
        File.WriteAllText(_scratch["findings.json"], """{"schema":"modelinspector/findings/1","findings":[{"title":"New","kind":"from-the-future","answer":42}]}""");
        var unknown = Assert.IsType<UnknownFinding>(Assert.Single(Run.ReadFindings()));
        Assert.Equal(("New", "from-the-future", 42), (unknown.Title, unknown.From.Method, (int)unknown.Json["answer"]!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"schema":"x"}""")]
    [InlineData("""{"schema":"x","findings":[null]}""")]
    [InlineData("""{"schema":"x","findings":[{"kind":"verdict"}]}""")]
    [InlineData("""{"schema":"x","findings":[{"kind":"verdict","title":null,"from":null,"state":"maybe","sentences":3,"tests":[],"harm":[]}]}""")]
    public void Findings_that_cannot_be_read_are_one_sentence_with_the_file_and_the_way_out(string text)
    {
        File.WriteAllText(_scratch["findings.json"], text);
        var error = Assert.Throws<InputException>(() => Run.ReadFindings());
        Assert.Contains("findings.json", error.Message, StringComparison.Ordinal);
        Assert.Contains("modelinspector inspect", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_run_says_so()
    {
        var error = Assert.Throws<InputException>(() => Run.ReadRun());
        Assert.Contains("holds no run.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_schema_in_the_documents_is_that_of_the_records()
    {
        var file = Path.Combine(Repository(), "docs", "findings.schema.json");
        var actual = RunDirectory.Schema().ToJsonString(new() { WriteIndented = true, NewLine = "\n" }) + "\n";
        if (Environment.GetEnvironmentVariable("WRITE_SCHEMA") == "1") File.WriteAllText(file, actual);
        Assert.True(File.Exists(file) && File.ReadAllText(file) == actual,
            "docs/findings.schema.json is not the schema of the finding records. If the change is meant: WRITE_SCHEMA=1 dotnet test tests/ModelInspector.Core.Tests -c Release");
    }

    [Fact]
    public void The_schema_names_every_kind_and_demands_what_every_finding_has()
    {
        var kinds = RunDirectory.Schema()["properties"]!["findings"]!["items"]!["anyOf"]!.AsArray();
        Assert.Contains(kinds, kind => (string?)kind!["properties"]!["kind"]!["const"] == "specificity-by-depth");
        Assert.All(kinds, kind => Assert.Contains("title", kind!["required"]!.AsArray().Select(name => (string?)name)));
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "ModelInspector.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
