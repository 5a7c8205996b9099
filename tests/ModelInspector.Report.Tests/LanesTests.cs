using ModelInspector.Models;
using ModelInspector.Report.Sections;

namespace ModelInspector.Report.Tests;

public sealed class LanesTests
{
    [Fact]
    public void A_chain_stays_on_one_lane()
    {
        var rows = Lanes.Of(Graph(("a", ["input"]), ("b", ["a"]), ("c", ["b"])), _ => true);
        Assert.All(rows, row => Assert.Equal(0, row.At));
        Assert.Equal([0, 0, 0], rows.SelectMany(row => row.From.Count == 0 ? [0] : row.From));
        Assert.Empty(rows[2].Through);
    }

    [Fact]
    public void A_skip_connection_keeps_its_lane_until_the_layer_that_takes_it()
    {
        var rows = Lanes.Of(Graph(("a", []), ("b", ["a"]), ("c", ["b"]), ("add", ["a", "c"])), _ => true);
        Assert.Equal([0, 1, 1, 0], rows.Select(row => row.At));
        Assert.Equal([0, 1], rows[2].Through);
        Assert.Equal([0, 1], rows[3].From);
        Assert.Empty(rows[3].Through);
    }

    [Fact]
    public void Values_run_through_layers_that_are_not_shown()
    {
        var rows = Lanes.Of(Graph(("a", []), ("hidden", ["a"]), ("b", ["hidden"])), layer => layer.Name != "hidden");
        Assert.Equal([0, 2], rows.Select(row => row.Layer));
        Assert.Equal([0], rows[1].From);
    }

    [Fact]
    public void Every_lane_that_a_layer_takes_was_carried_by_the_row_before()
    {
        var graph = Graph([.. Enumerable.Range(0, 60).Select(i => ($"l{i}", new[] { $"l{i - 1}", $"l{i - 3}", $"l{i / 2}" }.Where(name => name != $"l{i}").ToArray()))]);
        var rows = Lanes.Of(graph, _ => true);
        for (var i = 1; i < rows.Count; i++) Assert.Subset(rows[i - 1].Through.ToHashSet(), rows[i].From.ToHashSet());
        Assert.All(rows, row => Assert.True(row.Through.Count <= 32));
    }

    [Fact]
    public void Unknown_inputs_loops_and_twins_do_no_harm()
    {
        var rows = Lanes.Of(Graph(("a", ["a", "nowhere"]), ("a", ["a"]), ("b", ["later", "a"]), ("later", ["b"])), _ => true);
        Assert.Equal(4, rows.Count);
    }

    [Fact]
    public void Ten_thousand_layers_in_a_chain_with_skips_need_three_lanes()
    {
        var graph = Graph([.. Enumerable.Range(0, 10_000).Select(i => ($"l{i}", new[] { $"l{i - 1}", $"l{i - 2}" }))]);
        var rows = Lanes.Of(graph, _ => true);
        Assert.Equal(10_000, rows.Count);
        Assert.All(rows, row => Assert.InRange(row.At, 0, 2));
    }

    private static ModelGraph Graph(params (string Name, string[] Inputs)[] layers) =>
        new("net", "test", "", [], [], [.. layers.Select(layer => new Layer(layer.Name, "Conv", [], [.. layer.Inputs], 1))]);
}
