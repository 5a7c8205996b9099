using System.Diagnostics;
using ModelInspector.Evaluation;
using ModelInspector.Evaluation.Localisation;
using ModelInspector.Findings;
using ModelInspector.Numerics;
using Xunit.Abstractions;

namespace ModelInspector.Core.Tests.Evaluation.Localisation;

public sealed class DepthTableTests(ITestOutputHelper output)
{
    private const int Side = 16;
    private const int Images = 24;

    [Fact]
    public void A_sparse_map_is_more_specific_and_the_sentences_tell_the_other_side()
    {
        var found = Table().Finish("Specificity by depth", new Bootstrap(), [], "images");
        foreach (var sentence in found.Sentences) output.WriteLine(sentence);
        Assert.True(Value(found, "first", "sparse", "specificity", 0.2).Estimate > Value(found, "first", "broad", "specificity", 0.2).Estimate);
        Assert.True(Value(found, "first", "sparse", "sensitivity", 0.2).High < Value(found, "first", "broad", "sensitivity", 0.2).Low);
        Assert.Contains(found.Sentences, sentence => sentence.StartsWith("At `first`, sparse is more specific than broad at τ = 0.2", StringComparison.Ordinal));
        Assert.Contains(found.Sentences, sentence => sentence.Contains("sensitivity at τ = 0.2", StringComparison.Ordinal) && sentence.Contains("lights less altogether", StringComparison.Ordinal));
        Assert.Contains(found.Sentences, sentence => sentence.Contains("random", StringComparison.Ordinal) && sentence.Contains("an edge filter", StringComparison.Ordinal));
    }

    [Fact]
    public void Scores_that_could_not_be_given_say_why()
    {
        var table = new DepthTable(["first", "last"], ["sam"], 3, 1);
        foreach (var layer in (string[])["first", "last"])
            for (var image = 0; image < 3; image++)
                foreach (var metric in (string[])["infidelity", "faithfulness-correlation"])
                    table.Add(layer, "sam", metric, image, image == 0 ? new Score(0.5) : Score.None("nothing was replaced"));
        table.Add("last", "sam", "road", 2, Score.None("the network gave NaN"));
        var sentences = table.Finish("t", new Bootstrap(), [], "images").Sentences;
        Assert.Contains("SAM at `first`, `last`: no infidelity, faithfulness-correlation of up to 2 images, because nothing was replaced.", sentences);
        Assert.Contains("SAM at `last`: no road of 1 image, because the network gave NaN.", sentences);
    }

    [Fact]
    public void Nineteen_units_are_too_few_to_call_one_method_better()
    {
        var found = Table().Finish("Specificity by depth", new Bootstrap(), [.. Enumerable.Range(0, Images).Select(image => $"p{Math.Min(image, 18)}")], "patients");
        Assert.StartsWith("Too few patients (19)", found.Sentences[0], StringComparison.Ordinal);
        Assert.DoesNotContain(found.Sentences, sentence => sentence.Contains("more specific than", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_both_methods_give_the_same_map_they_are_equally_specific()
    {
        var found = Table().Finish("Specificity by depth", new Bootstrap(), [], "images");
        Assert.Contains(found.Sentences, sentence => sentence.StartsWith("At `last`, sparse is as specific as broad", StringComparison.Ordinal));
        Assert.Equal(Value(found, "last", "sparse", "auroc", null), Value(found, "last", "broad", "auroc", null));
    }

    [Fact]
    public void Rows_hold_every_metric_of_every_layer_and_method_and_the_controls()
    {
        var found = Table().Finish("Specificity by depth", new Bootstrap(), [], "images");
        Assert.Equal((2 * 2 + 2 + 3) * DepthMetric.All.Length, found.Rows.Length);
        Assert.Equal(["edges", "intensity", "random", "random-smooth"], found.Rows.Where(row => row.Control).Select(row => row.Method).Distinct().Order(StringComparer.Ordinal));
        Assert.All(found.Rows.Where(row => row.Control && row.Method != "random-smooth"), row => Assert.Equal("", row.Layer));
        Assert.InRange(Value(found, "", "random", "auroc", null).Estimate, 0.45, 0.55);
        Assert.InRange(Value(found, "first", "random-smooth", "auroc", null).Estimate, 0.35, 0.65);
    }

    [Fact]
    public void Scores_are_those_of_the_up_sampled_rectified_map()
    {
        var map = new NdArray([1, 2, 2], [1, -5, 0.5f, 0.25f]);
        var mask = Mask(0);
        var table = new DepthTable(["a"], ["m"], 1, 0);
        table.Add("a", "m", 0, map, [mask]);
        var raised = new Upsampling([2, 2], [Side, Side]).Apply(new NdArray([2, 2], [1, 0, 0.5f, 0.25f]));
        for (var i = 0; i < DepthMetric.All.Length; i++)
            Assert.Equal(
                DepthMetric.All[i].Metric.Measure(new MaskedMap(raised, mask), Job.Quiet()).Value,
                table.Scores("a", "m", DepthMetric.All[i].Name, DepthMetric.All[i].Threshold)[0]);
    }

    [Fact]
    public void Undefined_maps_are_counted_and_a_row_without_any_score_is_left_out()
    {
        var table = new DepthTable(["a"], ["m"], 4, 0);
        var maps = new NdArray(4, 2, 2);
        maps[0].Fill(0.5f);
        table.Add("a", "m", 0, maps, [Mask(0), Mask(1), Mask(2), null]);
        var found = table.Finish("t", new Bootstrap(), [], "images");
        Assert.Contains("m at `a`: 2 of 3 images are not counted in every metric, because the map is zero everywhere.", found.Sentences);
        Assert.Equal(1, Value(found, "a", "m", "specificity", 0.2).Count);
        Assert.DoesNotContain(found.Rows, row => row.Method == "m" && row.Metric == "auroc");
    }

    [Fact]
    public void Batches_threads_and_order_do_not_change_a_bit()
    {
        var whole = Threads.With(1, () => Table().Finish("t", new Bootstrap(200), [], "images"));
        var parts = Threads.With(3, () => Table(batch: 5).Finish("t", new Bootstrap(200), [], "images"));
        Assert.Equal(whole.Rows.AsEnumerable(), parts.Rows);
        Assert.Equal(whole.Sentences.AsEnumerable(), parts.Sentences);
    }

    [Fact]
    public void Patients_widen_the_interval()
    {
        var alone = Table().Finish("t", new Bootstrap(), [], "images");
        var together = Table().Finish("t", new Bootstrap(), [.. Enumerable.Range(0, Images).Select(i => $"p{i % 4}")], "patients");
        Assert.Equal(4, Value(together, "first", "broad", "auroc", null).Count);
        Assert.Equal(Images, Value(alone, "first", "broad", "auroc", null).Count);
    }

    [Fact]
    public void The_csv_has_a_line_for_every_score()
    {
        var lines = Table().Csv([.. Enumerable.Range(0, Images).Select(i => $"image, {i}")]).ToList();
        Assert.Equal("image,layer,method,metric,threshold,value", lines[0]);
        Assert.Equal(1 + Images * 9 * DepthMetric.All.Length, lines.Count);
        Assert.StartsWith("\"image, 0\",first,sparse,specificity,0.1,", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Volumes_are_scored_too()
    {
        var table = new DepthTable(["a"], ["m"], 1, 0);
        var mask = new NdArray(4, 4, 4);
        mask.Values.AsSpan(0, 16).Fill(1);
        table.Add("a", "m", 0, new NdArray([1, 2, 2, 2], [1, 1, 1, 1, 0, 0, 0, 0]), [mask]);
        Assert.Equal(1, table.Scores("a", "m", "auroc", null)[0]);
    }

    // 200 images × 20 layers × 2 methods are 8,000 maps; the machine is compared with itself, because it may be busy.
    [Fact]
    public void All_metrics_of_a_map_cost_no_more_than_sorting_it_twice()
    {
        const int side = 128;
        var values = ControlMaps.Random([side, side], 1, 1);
        var mask = new NdArray([side, side], [.. Enumerable.Range(0, side * side).Select(i => i % 5 == 0 ? 1f : 0f)]);
        var space = new MaskedMap.Space();
        var sheet = new ScoreSheet(1);
        var sorting = Fastest(() => Array.Sort(values.Values.ToArray()));
        var scoring = Fastest(() => sheet.Measure(0, new MaskedMap(values.Values, mask.Values, space)));
        output.WriteLine($"sorting {sorting.TotalMilliseconds:0.000} ms, scoring {scoring.TotalMilliseconds:0.000} ms");
        Assert.True(scoring < 2 * sorting, $"sorting {sorting.TotalMilliseconds} ms, scoring {scoring.TotalMilliseconds} ms");
    }

    private static TimeSpan Fastest(Action work) => Enumerable.Range(0, 40).Min(_ =>
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed;
    });

    // At `first`: one bright pixel in the mask's middle against a broad hill around it. At `last`: the same hill twice.
    private static DepthTable Table(int batch = Images)
    {
        var table = new DepthTable(["first", "last"], ["sparse", "broad"], Images, 11);
        for (var first = 0; first < Images; first += batch)
        {
            var count = Math.Min(batch, Images - first);
            var masks = Enumerable.Range(first, count).Select(Mask).ToArray();
            table.Add("first", "sparse", first, Maps(first, count, 0.6), masks);
            table.Add("first", "broad", first, Maps(first, count, 4), masks);
            table.Add("last", "sparse", first, Maps(first, count, 3), masks);
            table.Add("last", "broad", first, Maps(first, count, 3), masks);
            table.AddControls(first, masks, masks);
        }
        return table;
    }

    private static NdArray Maps(int first, int count, double width)
    {
        var maps = new NdArray(count, Side, Side);
        for (var i = 0; i < count; i++)
            for (var at = 0; at < Side * Side; at++) maps[i][at] = (float)Math.Exp(-Distance(first + i, at) / (2 * width * width));
        return maps;
    }

    private static NdArray Mask(int image) => new([Side, Side], [.. Enumerable.Range(0, Side * Side).Select(at => Distance(image, at) <= 9 ? 1f : 0f)]);

    private static double Distance(int image, int at) => Math.Pow(at / Side - (5 + image % 5), 2) + Math.Pow(at % Side - (5 + image % 7), 2);

    private static Interval Value(SpecificityByDepth found, string layer, string method, string metric, double? threshold) =>
        found.Rows.Single(row => row.Layer == layer && row.Method == method && row.Metric == metric && row.Threshold == threshold).Value;
}
