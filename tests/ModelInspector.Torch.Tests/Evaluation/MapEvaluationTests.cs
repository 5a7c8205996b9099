using System.Collections.Immutable;
using ModelInspector.Activations;
using ModelInspector.Attribution;
using ModelInspector.Evaluation;
using ModelInspector.Evaluation.Faithfulness;
using ModelInspector.Findings;
using ModelInspector.Inspection;
using ModelInspector.Models;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Evaluation;

public sealed class MapEvaluationTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("modelinspector-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_score_is_there_for_every_method_and_layer_and_repeats_to_the_bit()
    {
        var findings = Run("a");
        var depth = findings.OfType<SpecificityByDepth>().Single();
        foreach (var metric in (string[])["specificity", "auroc", "gini-sparseness", "effective-share", "deletion", "insertion", "road", "softmax-information", "average-drop", "increase-in-confidence", "infidelity", "faithfulness-correlation", "max-sensitivity", "repeatability"])
            foreach (var (layer, method) in ((string, string)[])[("relu0", "sam"), ("relu1", "sam"), ("relu0", "grad-cam"), ("input", "saliency")])
                Assert.Contains(depth.Rows, row => row.Metric == metric && row.Layer == layer && row.Method == method);
        Assert.DoesNotContain(depth.Rows, row => row.Layer == "input" && row.Method == "sam");
        Assert.Equal(findings.Count, new RunDirectory(Path.Combine(folder, "a")).ReadFindings().Length);
        foreach (var file in (string[])["specificity.csv", "league.csv", "groups.csv", "randomisation.csv", "random-logit.csv", "scores.csv", "information.csv"])
            Assert.True(File.ReadLines(Path.Combine(folder, "a", file)).Count() > 3, file);
        Run("b");
        foreach (var file in (string[])["specificity.csv", "league.csv", "scores.csv", "information.csv", "randomisation.csv"])
            Assert.Equal(File.ReadAllText(Path.Combine(folder, "a", file)), File.ReadAllText(Path.Combine(folder, "b", file)));
    }

    [Fact]
    public void A_network_of_a_fixed_batch_is_evaluated_as_one_of_any_batch_is()
    {
        var any = Run("any").OfType<SpecificityByDepth>().Single();
        SmallNet.Builder(batch: 3).Save(Path.Combine(folder, "fixed.onnx"));
        var request = Request() with { Sanity = [new ParameterRandomisation(2), new RandomLogit()] };
        var findings = MapEvaluation.Run(request with { Subject = request.Subject with { Model = Path.Combine(folder, "fixed.onnx") } }, new RunDirectory(Path.Combine(folder, "fixed")), Job.Quiet(5));
        var fixedBatch = findings.OfType<SpecificityByDepth>().Single();
        Assert.Equal(any.Rows.Select(row => (row.Layer, row.Method, row.Metric)), fixedBatch.Rows.Select(row => (row.Layer, row.Method, row.Metric)));
        Assert.All(any.Rows.Zip(fixedBatch.Rows), pair => Assert.Equal(pair.First.Value.Estimate, pair.Second.Value.Estimate, 1e-4));
        Assert.Contains("Sanity checks are of 3 of 6 samples", string.Join(' ', findings.OfType<DataAndLimits>().Single().Limits), StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_by_group_average_the_images_of_the_group_alone()
    {
        var groups = Run("a").OfType<ScoresByGroup>().Single().Rows.Where(row => row.Scores is { Metric: "gini-sparseness", Layer: "relu0", Method: "sam" }).ToList();
        Assert.Equal([("label", "even"), ("label", "odd"), ("scanner", "A"), ("scanner", "B")], groups.Select(row => (row.Column, row.Group)));
        Assert.All(groups.Where(row => row.Column == "label"), row => Assert.Equal(3, row.Scores.Value.Count));
        double[] scores = [.. File.ReadLines(Path.Combine(folder, "a", "scores.csv")).Where(line => line.Contains(",relu0,sam,gini-sparseness,", StringComparison.Ordinal)).Select(line => double.Parse(line.Split(',')[^1], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal((scores[0] + scores[2] + scores[4]) / 3, groups[0].Scores.Value.Estimate, 1e-12);
    }

    [Fact]
    public void A_column_of_units_that_was_asked_for_must_be_there()
    {
        var request = Request();
        Assert.Contains("`patientt`", Assert.Throws<InputException>(() => MapEvaluation.Run(request with { Subject = request.Subject with { GroupColumn = "patientt", GroupsRequired = true } }, new(folder), Job.Quiet())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_of_a_segmentation_are_refused_in_a_sentence()
    {
        using var model = Nets.Pooled();
        using var scores = ones(2, 3, 4, 4);
        Assert.Contains("--target segmentation:CLASS", Assert.Throws<InputException>(() => Scores.Decided(model.Graph, scores)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_column_or_method_is_named_before_anything_is_computed()
    {
        Assert.Contains("`scaner`", Assert.Throws<InputException>(() => MapEvaluation.Run(Request() with { By = ["scaner"] }, new(folder), Job.Quiet())).Message, StringComparison.Ordinal);
        Assert.Contains("sam", Assert.Throws<InputException>(() => MapEvaluation.Run(Request() with { Methods = ["sm"] }, new(folder), Job.Quiet())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_scored_is_refused_before_a_map_is_drawn()
    {
        var request = Request();
        var plain = request with { Faithfulness = null, Stability = null, Sanity = [] };
        Assert.Contains("no masks", Refused(plain with { Subject = request.Subject with { Masks = null } }), StringComparison.Ordinal);
        var one = Path.Combine(folder, "one.onnx");
        SmallNet.Builder(classes: 1).Save(one);
        var single = plain with { Subject = request.Subject with { Model = one, Labels = null }, By = [] };
        Assert.Contains("at least two classes", Refused(single with { Faithfulness = request.Faithfulness }), StringComparison.Ordinal);
        Assert.Contains("no other class", Refused(single with { Sanity = [new RandomLogit()] }), StringComparison.Ordinal);
        Assert.Contains("`scaner`", Refused(request with { By = ["scaner"] }), StringComparison.Ordinal);
        Assert.Contains("`flatten` gives", Refused(request with { Subject = request.Subject with { Layers = "relu0,flatten" } }), StringComparison.Ordinal);
        Assert.Contains("without positions", Refused(plain with { Stability = request.Stability, Subject = request.Subject with { Masks = null, Layers = "flatten" } }), StringComparison.Ordinal);
    }

    [Fact]
    public void Input_times_gradient_predicts_what_removing_regions_does_to_a_linear_network_exactly()
    {
        using var scope = NewDisposeScope();
        var weights = Random(64 * 2, 3);
        using var model = Toys.Chain(("flatten", x => x.flatten(1)), ("fc", x => x.matmul(tensor(weights).reshape(64, 2))));
        var scores = Removal(model, new RemovalRuns(4, Fill.Zero, 10), "input-times-gradient");
        Assert.Equal(0, scores["infidelity"], 1e-8);
        Assert.Equal(1, scores["faithfulness-correlation"], 1e-6);
        Assert.True(scores["road"] > 0);
        Assert.True(scores["insertion"] > scores["deletion"]);
    }

    [Theory, InlineData("gradient", Fill.Mean), InlineData("gradient", Fill.NoisyLinear), InlineData("smooth-grad:samples=2", Fill.Mean), InlineData("input-times-gradient", Fill.Zero)]
    public void The_exact_gradient_of_a_linear_network_of_two_channels_is_not_infidel(string method, Fill fill)
    {
        using var scope = NewDisposeScope();
        using var model = Linear(128);
        var scores = Removal(model, new RemovalRuns(4, fill, 10), new NdArray([2, 8, 8], Random(128, 4)), [], method);
        Assert.Equal(0, scores["infidelity"].Value, 1e-8);
        Assert.Equal(1, scores["faithfulness-correlation"].Value, 1e-6);
    }

    [Fact]
    public void The_size_of_a_gradient_predicts_a_change_only_where_all_signs_agree()
    {
        using var scope = NewDisposeScope();
        using var model = Linear(64);
        Assert.InRange(Removal(model, new RemovalRuns(4, Fill.Mean, 10), new NdArray([1, 8, 8], Random(64, 4)), [], "saliency")["infidelity"].Value, 0.1, 1);
    }

    [Theory, InlineData("internal-influence"), InlineData("smooth-grad")]
    public void A_rate_per_unit_of_a_layer_predicts_nothing_of_the_image_and_says_so(string method)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var scores = Removal(model, new RemovalRuns(4, Fill.Mean, 4), new NdArray([1, 8, 8], Random(64, 4)), [model.Graph.Find("relu0")], method);
        Assert.Contains("layer's values", scores["infidelity"].Undefined, StringComparison.Ordinal);
        Assert.True(scores["road"].IsDefined);
    }

    [Fact]
    public void A_map_upside_down_is_unfaithful()
    {
        using var scope = NewDisposeScope();
        var weights = Random(64 * 2, 3);
        using var model = Toys.Chain(("flatten", x => x.flatten(1)), ("fc", x => x.matmul(tensor(weights).reshape(64, 2))));
        var input = new NdArray([1, 8, 8], Random(64, 4));
        var network = new Answers(model, new ClassTarget(1), 5);
        var map = DrawnMaps.Of(model, network.Stacked([input]), MapPlan.Of([], ["input-times-gradient"]), network.Target, Job.Quiet())[0];
        for (var i = 0; i < map.Maps.Values.Length; i++) map.Maps.Values[i] *= -1;
        var scores = new RemovalRuns(4, Fill.Zero, 10).Measure(network, input, [map], Job.Quiet()).ToDictionary(score => score.Metric, score => score.Score.Value);
        Assert.True(scores["road"] < 0);
        Assert.True(scores["insertion"] < scores["deletion"]);
        Assert.Equal(-1, scores["faithfulness-correlation"], 1e-6);
    }

    [Fact]
    public void A_map_of_what_the_class_hangs_on_brings_it_back_with_little_information_and_one_upside_down_with_much()
    {
        using var scope = NewDisposeScope();
        var (input, weights) = (new NdArray([1, 8, 8], Random(64, 4)), new float[128]);
        (input.Values[11], input.Values[50], weights[2 * 11 + 1], weights[2 * 50 + 1]) = (2, 2, 3, 3);
        using var model = Toys.Chain(("flatten", x => x.flatten(1)), ("fc", x => x.matmul(tensor(weights).reshape(64, 2)) - tensor(new float[] { -5, 0 })));
        var network = new Answers(model, new ClassTarget(1), 5);
        var map = DrawnMaps.Of(model, network.Stacked([input]), MapPlan.Of([], ["input-times-gradient"]), network.Target, Job.Quiet())[0];
        var upside = map with { Maps = new NdArray(map.Maps.Shape, [.. map.Maps.Values.Select(value => -value)]) };
        var scores = new RemovalRuns(16, Fill.Mean, 2).Measure(network, input, [map, upside], Job.Quiet()).ToLookup(score => score.Metric, score => score.Score.Value);
        foreach (var metric in (string[])["accuracy-information", "softmax-information"])
        {
            Assert.True(scores[metric].First() > 0.75, $"{metric}: {scores[metric].First()}");
            Assert.True(scores[metric].Last() < 0.25, $"{metric}: {scores[metric].Last()}");
        }
    }

    [Fact]
    public void Every_curve_of_a_map_is_read_from_the_same_runs()
    {
        using var scope = NewDisposeScope();
        using var model = new Counted(Toys.PooledHead());
        var (input, network) = (new NdArray([1, 8, 8], Random(64, 4)), new Answers(model, new ClassTarget(1), 1));
        StoredMap[] maps = [new("a", "one", new NdArray([1, 8, 8], Random(64, 5))), new("b", "two", new NdArray([1, 4, 4], Random(16, 6)))];
        Assert.Equal(2 * (RemovalRuns.OfCurves.Length + RemovalRuns.OfEffects.Length), new RemovalRuns(4, Fill.Mean, 3).Measure(network, input, maps, Job.Quiet()).Count());
        Assert.Equal(2 + 3 + 2 * (2 * 4 - 1), model.Samples); // whole, empty, three regions; for each map three shares gone, three kept, one weighted
    }

    [Fact]
    public void The_gradient_of_a_linear_network_does_not_change_under_noise_and_a_shift_moves_what_should_move()
    {
        using var scope = NewDisposeScope();
        var weights = Random(64 * 2, 3);
        using var linear = Toys.Chain(("flatten", x => x.flatten(1)), ("fc", x => x.matmul(tensor(weights).reshape(64, 2))));
        Assert.Equal(0, Stability(linear, "gradient")["max-sensitivity"], 1e-9);
        Assert.True(Stability(linear, "gradient")["repeatability"] < 0.5); // the weights stay where they are
        using var moving = Toys.Chain(("pick", x => cat([x, x * 2], 1)), ("pool", x => x.mean([2, 3])));
        Assert.Equal(1, Stability(moving, "input-times-gradient")["repeatability"], 1e-6); // the map is the image
        Assert.InRange(Stability(moving, "input-times-gradient")["max-sensitivity"], 1e-4, 0.2);
    }

    [Fact]
    public void An_image_that_is_too_small_to_be_shifted_has_no_repeatability()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("pick", x => cat([x, x * 2], 1)), ("pool", x => x.mean([2, 3])));
        var (input, plan, network) = (new NdArray([1, 3, 3], Random(9, 4)), MapPlan.Of([], ["input-times-gradient"]), new Answers(model, new ClassTarget(1), 3));
        var scores = new StabilityRuns().Measure(model, network, input, plan, DrawnMaps.Of(model, network.Stacked([input]), plan, network.Target, Job.Quiet()), Job.Quiet()).ToDictionary(score => score.Metric, score => score.Score);
        Assert.Equal("an image of 3 × 3 positions is too small to be shifted", scores["repeatability"].Undefined);
        Assert.True(scores["max-sensitivity"].IsDefined);
    }

    [Fact]
    public void Neither_leaves_a_tensor_alive()
    {
        using var model = Toys.PooledHead();
        Leaks.None(() => Removal(model, new RemovalRuns(3, Fill.NoisyLinear, 3), "saliency"));
        Leaks.None(() => Stability(model, "saliency"));
    }

    [Fact]
    public void A_network_of_one_score_has_no_probabilities()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("flatten", x => x.flatten(1)), ("fc", x => x.sum(1, keepdim: true)));
        Assert.Contains("at least two classes", Assert.Throws<InputException>(() => Removal(model, new RemovalRuns(), "gradient")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_method_of_both_looks_at_the_input_and_at_every_layer()
    {
        using var scope = NewDisposeScope();
        using var model = Nets.Pooled();
        var relus = model.Graph.Layers.Where(layer => layer.Op == "Relu").ToImmutableArray();
        var plan = MapPlan.Of(relus, ["integrated-gradients:steps=4", "sam"]);
        string[] places = ["input", .. relus.Select(layer => layer.Name)];
        Assert.Equal(string.Join(' ', places), string.Join(' ', plan.Places));
        var drawn = DrawnMaps.Of(model, Drawn.Even(1, 2, 2, 12, 12), plan, new ClassTarget(1), Job.Quiet());
        Assert.Equal(places.Order(), drawn.Where(map => map.Method != "sam").Select(map => map.Layer).Order());
        Assert.All(drawn, map => Assert.Equal(3, map.Maps.Shape.Length));
    }

    private string Refused(EvaluationRequest request)
    {
        var steps = new Steps();
        var refusal = Assert.Throws<InputException>(() => MapEvaluation.Run(request, new(Path.Combine(folder, "refused")), Job.Quiet() with { Progress = steps }));
        Assert.Empty(steps.Told);
        return refusal.Message;
    }

    private sealed class Steps : IProgress<Step>
    {
        public List<Step> Told { get; } = [];

        public void Report(Step value) => Told.Add(value);
    }

    private static Dictionary<string, double> Removal(IDifferentiableModel model, RemovalRuns runs, string method)
    {
        var input = new NdArray([1, 8, 8], Random(64, 4));
        var network = new Answers(model, new ClassTarget(method == "gradient" ? 0 : 1), 5);
        var maps = DrawnMaps.Of(model, network.Stacked([input]), MapPlan.Of([], [method]), network.Target, Job.Quiet());
        return runs.Measure(network, input, maps, Job.Quiet()).ToDictionary(score => score.Metric, score => score.Score.Value);
    }

    // Of the first place where the method looks.
    private static Dictionary<string, Score> Removal(IDifferentiableModel model, RemovalRuns runs, NdArray input, ImmutableArray<Layer> layers, string method)
    {
        var network = new Answers(model, new ClassTarget(1), 5);
        var map = DrawnMaps.Of(model, network.Stacked([input]), MapPlan.Of(layers, [method]), network.Target, Job.Quiet())[0];
        return runs.Measure(network, input, [map], Job.Quiet()).ToDictionary(score => score.Metric, score => score.Score);
    }

    private static GraphModel Linear(int values)
    {
        var weights = Random(values * 2, 3);
        return Toys.Chain(("flatten", x => x.flatten(1)), ("fc", x => x.matmul(tensor(weights).reshape(values, 2))));
    }

    private static Dictionary<string, double> Stability(IDifferentiableModel model, string method)
    {
        var input = new NdArray([1, 8, 8], Random(64, 4));
        var network = new Answers(model, new ClassTarget(1), 3);
        var plan = MapPlan.Of([], [method]);
        var maps = DrawnMaps.Of(model, network.Stacked([input]), plan, network.Target, Job.Quiet());
        return new StabilityRuns(Shift: 2).Measure(model, network, input, plan, maps, Job.Quiet()).ToDictionary(score => score.Metric, score => score.Score.Value);
    }

    private IReadOnlyCollection<Finding> Run(string name) => [.. MapEvaluation.Run(Request(), new RunDirectory(Path.Combine(folder, name)), Job.Quiet(5))];

    private EvaluationRequest Request()
    {
        var (model, data, masks, labels) = (Path.Combine(folder, "net.onnx"), Path.Combine(folder, "x.npy"), Path.Combine(folder, "masks.npy"), Path.Combine(folder, "labels.csv"));
        SmallNet.Builder().Save(model);
        Npy.Write(data, new NdArray([6, 1, 8, 8], Random(6 * 64, 1)));
        Npy.Write(masks, new NdArray([6, 8, 8], [.. Random(6 * 64, 2).Select(value => value > 0.7f ? 1f : 0f)]));
        File.WriteAllText(labels, "label,scanner\n" + string.Concat(Enumerable.Range(0, 6).Select(i => $"{(i % 2 == 0 ? "even" : "odd")},{(i < 3 ? "A" : "B")}\n")));
        return new EvaluationRequest(new InspectionRequest(model, data) { Masks = masks, Labels = labels, Layers = "relu0,relu1", Batch = 4 })
        {
            Methods = ["sam", "grad-cam", "saliency"],
            By = ["label", "scanner"],
            Faithfulness = new RemovalRuns(4, Regions: 4),
            Stability = new StabilityRuns(2, Shift: 1),
            Sanity = [new ParameterRandomisation(2), new RandomLogit()],
        };
    }

    private static float[] Random(int count, ulong stream)
    {
        var random = new Randomness(17, stream);
        return [.. Enumerable.Range(0, count).Select(i => (float)random.Normal((ulong)i))];
    }
}
