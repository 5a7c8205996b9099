using ModelInspector.Evaluation;
using ModelInspector.Evaluation.Localisation;
using ModelInspector.Findings;
using ModelInspector.Numerics;

namespace ModelInspector.Core.Tests.Evaluation.Localisation;

public sealed class LeagueTests
{
    private static readonly NdArray Mask = new([2, 2], [1, 0, 0, 0]);

    [Fact]
    public void Methods_stand_in_the_order_of_their_best_layer_and_lower_is_better_where_it_is()
    {
        var table = Table();
        var league = new League().Of(table, new Bootstrap(), [], 2, 0);
        var auroc = league.Rows.Where(row => row.Metric == "auroc").ToList();
        Assert.Equal(["good", "bad"], auroc.Where(row => !row.Control).Select(row => row.Method));
        Assert.Equal(Enumerable.Range(1, auroc.Count), auroc.Select(row => row.Rank));
        Assert.Contains(auroc, row => row is { Control: true, Method: "random-smooth" });
        Assert.Equal(("b", 1.0), (auroc[0].Layer, auroc[0].Value.Estimate));
        Assert.Equal(1 - 1.0 / 3, auroc.Single(row => row.Method == "bad").ToFirst!.Estimate, 1e-12);
        Assert.Null(auroc[0].ToFirst);
        Assert.Equal(["bad", "good"], league.Rows.Where(row => row.Metric == "deletion").Select(row => row.Method));
        Assert.Contains(league.Sentences, sentence => sentence.StartsWith("Best AUROC: good 1.000", StringComparison.Ordinal));
        Assert.StartsWith("Best specificity at τ = 0.2: a smooth random map (a control) ", league.Sentences[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_that_are_too_many_or_one_are_left_out()
    {
        var columns = new SampleColumn[] { new("scanner", ["A", "B"]), new("site", ["x", "x"]), new("name", ["p", "q"]) };
        var groups = new GroupScores(MostGroups: 2).Of(Table(), [.. columns], new Bootstrap(), [], 0);
        Assert.Equal(["name", "scanner"], groups.Rows.Select(row => row.Column).Distinct().Order());
        Assert.Contains(groups.Sentences, sentence => sentence.StartsWith("No scores by `site`:", StringComparison.Ordinal));
        var b = groups.Rows.Single(row => row is { Column: "scanner", Group: "B" } && row.Scores is { Layer: "a", Method: "bad", Metric: "auroc" });
        Assert.Equal(2.0 / 3, b.Scores.Value.Estimate, 1e-12);
        var many = new GroupScores(MostGroups: 1).Of(Table(), [columns[0]], new Bootstrap(), [], 0);
        Assert.Empty(many.Rows);
        Assert.Contains("2 groups, and up to 1", Assert.Single(many.Sentences), StringComparison.Ordinal);
    }

    [Fact]
    public void A_score_that_needs_no_mask_is_a_row_and_a_line_like_any_other()
    {
        var table = Table();
        var row = table.Finish("t", new Bootstrap(), [], "images").Rows.Single(row => row is { Method: "good", Metric: "deletion" });
        Assert.Equal((2, (double?)null), (row.Value.Count, row.Threshold));
        Assert.Equal(0.3, row.Value.Estimate, 1e-12);
        Assert.Contains("second,b,good,deletion,,0.4", table.Csv(["first", "second"]));
    }

    // The mask's position ranks first (AUROC 1) or below others: bad's AUROC at a is 0 and 2/3.
    private static DepthTable Table()
    {
        var table = new DepthTable(["a", "b"], ["good", "bad"], 2, 0);
        table.Add("a", "good", 0, new NdArray([2, 2, 2], [1, 2, 3, 4, 1, 2, 3, 4]), [Mask, Mask]);
        table.Add("b", "good", 0, new NdArray([2, 2, 2], [9, 2, 3, 4, 9, 2, 3, 4]), [Mask, Mask]);
        table.Add("a", "bad", 0, new NdArray([2, 2, 2], [1, 2, 3, 4, 3, 2, 1, 4]), [Mask, Mask]);
        for (var image = 0; image < 2; image++)
        {
            table.Add("b", "good", "deletion", image, new(0.2 + 0.2 * image));
            table.Add("a", "bad", "deletion", image, new(0.1));
        }
        return table;
    }
}
