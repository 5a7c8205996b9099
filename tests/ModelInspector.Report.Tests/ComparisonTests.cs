using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ModelInspector.Findings;
using ModelInspector.Report.Comparisons;
using ModelInspector.Report.Tests.Synthetic;

namespace ModelInspector.Report.Tests;

public sealed class ComparisonTests
{
    [Fact]
    public void Runs_stand_side_by_side_with_what_each_found()
    {
        var runs = Compared(("clean", SyntheticRun.Small with { State = VerdictState.NoneFound }), ("shortcut", SyntheticRun.Small))["runs"]!.AsArray();
        Assert.Equal(["clean", "shortcut"], runs.Select(run => (string)run!["name"]!));
        Assert.Equal(["none-found", "shortcut-found"], runs.Select(run => (string)run!["findings"]!.AsArray().First(finding => (string)finding!["kind"]! == "verdict")!["state"]!));
    }

    [Fact]
    public void Accuracy_is_counted_by_class()
    {
        using var scratch = new Scratch();
        var page = Write(scratch, ("a", SyntheticRun.Small), ("b", SyntheticRun.Small with { Samples = 20 }));
        var table = new RunDirectory(scratch["a"]).ReadFindings().OfType<SampleTable>().Single();
        foreach (var (cls, json) in page.Manifest["runs"]![0]!["classes"]!.AsArray().Index())
        {
            Assert.Equal(table.Labels.Count(label => label == cls), (int)json!["all"]!);
            Assert.Equal(table.Labels.Zip(table.Predicted).Count(pair => pair.First == cls && pair.Second == cls), (int)json["right"]!);
        }
    }

    [Fact]
    public void The_same_samples_are_compared_one_by_one_and_different_ones_are_not()
    {
        using var scratch = new Scratch();
        var pairs = Write(scratch, ("a", SyntheticRun.Small), ("b", SyntheticRun.Small with { State = VerdictState.NoneFound }), ("c", SyntheticRun.Small with { Samples = 20 })).Manifest["pairs"]!.AsArray();
        var pair = Assert.Single(pairs)!;
        var (first, second) = (Predicted(scratch["a"]), Predicted(scratch["b"]));
        Assert.Equal(first.Zip(second).Count(both => both.First == both.Second), (int)pair["alike"]!);
        Assert.True((int)pair["onlyB"]! > (int)pair["onlyA"]!);
    }

    [Fact]
    public void Samples_without_labels_are_compared_by_what_is_decided_for_them()
    {
        var pair = Assert.Single(Compared(("a", SyntheticRun.Small with { Unlabelled = true }), ("b", SyntheticRun.Small with { Unlabelled = true, State = VerdictState.NoneFound }))["pairs"]!.AsArray())!;
        Assert.InRange((int)pair["alike"]!, 1, SyntheticRun.Small.Samples - 1);
        Assert.Equal((0, 0), ((int)pair["onlyA"]!, (int)pair["onlyB"]!));
    }

    [Fact]
    public void Networks_of_other_classes_or_of_one_number_do_not_decide_alike()
    {
        Assert.Empty(Compared(("a", SyntheticRun.Small), ("b", SyntheticRun.Small with { Classes = [.. SyntheticRun.Small.Classes.Reverse()] }))["pairs"]!.AsArray());
        Assert.Empty(Compared(("a", SyntheticRun.Small with { OneNumber = true }), ("b", SyntheticRun.Small with { OneNumber = true }))["pairs"]!.AsArray());
    }

    [Fact]
    public void A_page_made_of_runs_twice_is_the_same()
    {
        using var scratch = new Scratch();
        SyntheticRun.Small.Write(scratch["a"]);
        ComparedRun[] runs = [ComparedRun.Read(new RunDirectory(scratch["a"]), "a", "r0b"), ComparedRun.Read(new RunDirectory(scratch["a"]), "again", "r1b")];
        var first = Comparison.ToJson(runs);
        Assert.Equal(first, Comparison.ToJson(runs));
        Assert.Equal(runs.Sum(run => run.Blocks.All.Count), JsonNode.Parse(first)!["blocks"]!.AsObject().Count);
    }

    [Fact]
    public void Layers_stand_at_their_share_of_the_networks_depth()
    {
        var layers = Compared(("a", SyntheticRun.Small), ("b", SyntheticRun.Small with { Layers = 5 }))["runs"]!.AsArray().Select(run => run!["layers"]!.AsArray().Select(layer => (double)layer!["at"]!).ToList()).ToList();
        Assert.Equal([3, 5], layers.Select(run => run.Count));
        Assert.All(layers, run => { Assert.Equal(run.Order(), run); Assert.All(run, at => Assert.InRange(at, 0, 1)); });
    }

    [Fact]
    public void Blocks_of_different_runs_do_not_mix()
    {
        var page = Compared(("a", SyntheticRun.Small), ("b", SyntheticRun.Small with { State = VerdictState.NoneFound }));
        var ids = page["runs"]!.AsArray().Select(run => (string)run!["findings"]!.AsArray().First(finding => (string)finding!["kind"]! == "verdict")!["meanMap"]!).ToList();
        Assert.Equal(2, ids.Distinct().Count());
        Assert.All(ids, id => Assert.NotNull(page["blocks"]![id]));
    }

    [Fact]
    public void Folders_of_one_name_are_told_apart_by_their_parents() =>
        Assert.Equal(["x/run", "y/run"], Compared(("x/run", SyntheticRun.Small), ("y/run", SyntheticRun.Small))["runs"]!.AsArray().Select(run => (string)run!["name"]!));

    [Fact]
    public void One_run_nine_runs_one_twice_and_none_at_all_are_one_sentence_each()
    {
        using var scratch = new Scratch();
        SyntheticRun.Small.Write(scratch["a"]);
        RunDirectory a = new(scratch["a"]), other = new(scratch["nowhere"]);
        Says("1 run given", [a]);
        Says("9 runs given", [.. Enumerable.Range(0, 9).Select(_ => a)]);
        Says("named twice", [a, new RunDirectory(scratch["a"] + "/")]);
        Says("holds no run.json", [a, other]);

        void Says(string expected, ImmutableArray<RunDirectory> runs) =>
            Assert.Contains(expected, Assert.Throws<InputException>(() => ComparisonWriter.Write(runs, scratch["c.html"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_full_of_markup_cannot_end_the_element_that_it_stands_in()
    {
        using var scratch = new Scratch();
        // A folder's name holds no slash, so it cannot end an element; what a browser takes for the beginning of one must not stand there either.
        var page = Write(scratch, ("<script>alert(1)<!--", SyntheticRun.Small with { Hostile = "</script><script>alert(2)</script>" }), ("\"><img src=x onerror=alert(3)>", SyntheticRun.Small));
        Assert.Equal(["<script>alert(1)<!--", "\"><img src=x onerror=alert(3)>"], page.Manifest["runs"]!.AsArray().Select(run => (string)run!["name"]!));
        var text = page.Html.Replace(page.Program, "", StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", text, StringComparison.Ordinal);
    }

    private static int[] Predicted(string folder) => [.. new RunDirectory(folder).ReadFindings().OfType<SampleTable>().Single().Predicted];

    private static JsonObject Compared(params (string Name, SyntheticRun Run)[] runs)
    {
        using var scratch = new Scratch();
        return Write(scratch, runs).Manifest;
    }

    private static ReportedPage Write(Scratch scratch, params (string Name, SyntheticRun Run)[] runs)
    {
        foreach (var (name, run) in runs) run.Write(scratch[name]);
        ComparisonWriter.Write([.. runs.Select(run => new RunDirectory(scratch[run.Name]))], scratch["compare.html"]);
        return new ReportedPage(File.ReadAllText(scratch["compare.html"]));
    }
}
