using System.Text.Json.Nodes;
using ModelInspector.Findings;
using ModelInspector.Report.Tests.Synthetic;

namespace ModelInspector.Report.Tests;

public sealed class SchemaTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_runs_findings_are_valid_by_the_schema_in_the_documents() => Assert.Empty(JsonSchema.Errors(Written(), Schema()));

    [Fact]
    public void Every_kind_of_finding_is_among_them() =>
        Assert.Equal(
            typeof(Finding).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Finding)) && type != typeof(UnknownFinding)).Select(type => Catalog.Kebab(type.Name)).Order(),
            Written()["findings"]!.AsArray().Select(finding => (string)finding!["kind"]!).Distinct().Order());

    [Fact]
    public void A_document_that_lacks_or_invents_or_mistakes_something_is_not()
    {
        var lacking = Written();
        lacking["findings"]!.AsArray().OfType<JsonObject>().First(finding => (string?)finding["kind"] == "verdict").Remove("sentences");
        Assert.NotEmpty(JsonSchema.Errors(lacking, Schema()));
        var mistaken = Written();
        mistaken["findings"]!.AsArray().OfType<JsonObject>().First(finding => (string?)finding["kind"] == "sample-table")["ids"] = "one";
        Assert.NotEmpty(JsonSchema.Errors(mistaken, Schema()));
        var unknown = Written();
        unknown["findings"]!.AsArray().OfType<JsonObject>().First()["kind"] = "horoscope";
        Assert.NotEmpty(JsonSchema.Errors(unknown, Schema()));
    }

    private JsonNode Written()
    {
        new SyntheticRun { Samples = 40, Examples = 4 }.Write(scratch["run"]);
        return JsonNode.Parse(File.ReadAllText(Path.Combine(scratch["run"], "findings.json")))!;
    }

    private static JsonObject Schema() => JsonNode.Parse(File.ReadAllText(Path.Combine(Repository(), "docs", "findings.schema.json")))!.AsObject();

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ModelInspector.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
