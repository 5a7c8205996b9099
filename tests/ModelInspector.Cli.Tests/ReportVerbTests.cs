using System.Collections.Immutable;
using ModelInspector.Findings;

namespace ModelInspector.Cli.Tests;

/// <summary>Pages are written from finished runs, without computing anything.</summary>
public sealed class ReportVerbTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_run_is_reported_again_into_its_own_folder()
    {
        var run = Run("run");
        Assert.Equal(Path.Combine(run, "index.html"), Cli.Succeeds("report", run).Trim());
        Assert.Contains("A network", File.ReadAllText(Path.Combine(run, "index.html")));
    }

    [Fact]
    public void With_folder_the_data_lie_beside_the_page()
    {
        Cli.Succeeds("report", Run("run"), "--folder", "-o", scratch["page.html"]);
        Assert.True(Directory.Exists(scratch["page.data"]));
    }

    [Fact]
    public void Two_runs_are_put_side_by_side()
    {
        Assert.Equal(scratch["both.html"], Cli.Succeeds("compare", Run("one"), Run("other"), "-o", scratch["both.html"]).Trim());
        Assert.Contains("Comparison of one, other", File.ReadAllText(scratch["both.html"]));
    }

    [Fact]
    public void A_comparison_of_one_run_or_of_a_folder_that_holds_none_is_refused()
    {
        Assert.Contains("1 run given", Cli.Refuses("compare", Run("one"), "-o", scratch["c.html"]));
        Assert.Contains("holds no run.json", Cli.Refuses("compare", scratch["one"], scratch["nowhere"], "-o", scratch["c.html"]));
        Assert.False(File.Exists(scratch["c.html"]));
    }

    private string Run(string name)
    {
        var run = new RunDirectory(scratch[name]);
        run.Write(new RunRecord("modelinspector/run/1", "0", "modelinspector inspect a.onnx", "a.onnx", "", "data", "", 0, DateTime.UnixEpoch, ImmutableSortedDictionary<string, string>.Empty, ImmutableSortedDictionary<string, string>.Empty));
        run.Write([new DataAndLimits("A network", Provenance.Of("inspect"), 0, 0, [], [], [], [])]);
        return scratch[name];
    }
}
