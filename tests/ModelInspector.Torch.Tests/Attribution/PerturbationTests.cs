using ModelInspector.Attribution;
using ModelInspector.Attribution.Perturbation;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>Methods that change the input and look at the score.</summary>
public class PerturbationTests
{
    [Theory]
    [InlineData(new float[] { 2, 10, 3 }, new float[] { 8, 35, 12 })]
    [InlineData(new float[] { 20, 50, 30 }, new float[] { 80, 200, 120 })]
    public void Feature_ablation_equals_the_hand_computed_values(float[] x, float[] expected) =>
        Near.Equal(expected, Values(new FeatureAblation("values"), Toys.Mlp(), x), 1e-6);

    [Theory]
    [InlineData(new float[] { 2, 10, 3 }, new float[] { 7, 32.5f, 10.5f })]
    [InlineData(new float[] { 20, 50, 30 }, new float[] { 76.6667f, 196.6667f, 116.6667f })]
    public void Shapley_values_equal_the_hand_computed_ones_and_so_does_kernel_shap_of_all_coalitions(float[] x, float[] expected)
    {
        Near.Equal(expected, Values(new Shapley("values"), Toys.Mlp(), x), 1e-6);
        Near.Equal(expected, Values(new KernelShap("values"), Toys.Mlp(), x), 1e-6);
    }

    [Fact]
    public void Sampled_shapley_values_lie_within_their_standard_error_and_sum_to_the_scores_difference()
    {
        using var scope = NewDisposeScope();
        using var model = Threes();
        var x = ones(2, 16);
        var (values, error) = new Shapley("values", Orders: 200).Estimate(model, x, new ClassTarget(0), Job.Quiet(3));
        var expected = tensor(Enumerable.Range(0, 16).Select(i => i - 4 + ThreesShare(i)).ToArray());
        Assert.True(error.narrow(1, 1, 14).min().item<double>() is > 0 and < 1);
        Assert.True(((values[0] - expected).abs() <= 4.5 * error[0] + 1e-4).all().item<bool>());
        Assert.True(values.sum([1]).allclose(model.Run(x).First.select(1, 0).to(ScalarType.Float64), 1e-5, 1e-4));
    }

    [Fact]
    public void Orders_taken_backwards_too_are_exact_where_players_only_work_in_pairs()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("pairs", x => (x.narrow(1, 0, 13) * x.narrow(1, 1, 13)).sum([1], keepdim: true)));
        var (values, error) = new Shapley("values", Orders: 4).Estimate(model, ones(1, 14), new ClassTarget(0), Job.Quiet());
        Near.Equal([.. Enumerable.Range(0, 14).Select(i => i is 0 or 13 ? 0.5f : 1)], values, 1e-5);
        Assert.True(error.max().item<double>() < 1e-6);
    }

    [Fact]
    public void Kernel_shap_of_a_straight_line_finds_its_coefficients_from_few_coalitions()
    {
        var (weights, x) = (Enumerable.Range(0, 20).Select(i => i - 7f).ToArray(), Enumerable.Repeat(1f, 20).ToArray());
        Near.Equal(weights, Values(new KernelShap("values", Samples: 200), Line(weights), x), 1e-4);
    }

    [Fact]
    public void Lime_of_a_straight_line_finds_its_coefficients_where_nothing_is_penalised()
    {
        var (weights, x) = (Enumerable.Range(0, 20).Select(i => i - 7f).ToArray(), Enumerable.Repeat(1f, 20).ToArray());
        Near.Equal(weights, Values(new Lime("values", Samples: 200, Width: 10, Ridge: 0), Line(weights), x), 1e-4);
    }

    [Fact]
    public void A_penalty_draws_limes_values_to_zero()
    {
        float[] weights = [4, -3, 2];
        var (free, penalised) = (Values(new Lime("values", Ridge: 0), Line(weights), [1, 1, 1]), Values(new Lime("values", Ridge: 1000), Line(weights), [1, 1, 1]));
        Assert.True(penalised.abs().sum().item<float>() < 0.7 * free.abs().sum().item<float>());
    }

    [Fact]
    public void Occlusion_is_the_mean_over_the_windows_that_cover_a_position()
    {
        // The score is the sum of the row, so a window is worth the sum of what it covers: windows from 0, 2 and 4, three wide, the last cut to two.
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("sum", x => x.flatten(1).sum(1, keepdim: true)));
        var x = tensor(new float[] { 1, 2, 3, 4, 5, 6 }).reshape(1, 1, 6);
        var map = new Occlusion(3, 2).Attribute(model, x, new ClassTarget(0), Job.Quiet());
        Near.Equal([6, 6, 9, 12, 11.5f, 11], map, 1e-6);
    }

    [Fact]
    public void A_stride_longer_than_the_window_leaves_what_no_window_covers_at_zero()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("Flatten", x => x.flatten(1).sum([1], keepdim: true)));
        var map = new Occlusion(1, 3).Attribute(model, tensor(new float[] { 1, 2, 3, 4, 5 }).reshape(1, 1, 5), new ClassTarget(0), Job.Quiet());
        Near.Equal([1, 0, 0, 4, 0], map, 1e-6);
        Near.Equal([3, 3, 0, 0, 0], new Occlusion(2, 9).Attribute(model, tensor(new float[] { 1, 2, 3, 4, 5 }).reshape(1, 1, 5), new ClassTarget(0), Job.Quiet()), 1e-6);
    }

    [Fact]
    public void Occlusion_puts_the_baseline_in()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("sum", x => x.flatten(1).sum(1, keepdim: true)));
        var map = new Occlusion(2, 2, Baseline: 5).Attribute(model, tensor(new float[] { 1, 2, 3, 4 }).reshape(1, 1, 4), new ClassTarget(0), Job.Quiet());
        Near.Equal([-7, -7, -3, -3], map, 1e-6);
    }

    [Fact]
    public void A_prediction_that_changes_under_the_mask_does_not_change_what_is_explained()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("two", x => cat([x.flatten(1).sum(1, keepdim: true), zeros_like(x.flatten(1).sum(1, keepdim: true)) + 1], 1)));
        var map = new Occlusion(1, 1).Attribute(model, tensor(new float[] { 2, -1 }).reshape(1, 1, 2) + 0.5f, new PredictedClass(), Job.Quiet());
        Near.Equal([2.5f, -0.5f], map, 1e-6);
    }

    [Fact]
    public void Rise_finds_the_place_that_the_score_reads()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("read", x => x.narrow(2, 4, 4).narrow(3, 8, 4).flatten(1).mean([1], keepdim: true)));
        var map = new Rise(600, Cells: 4).Attribute(model, ones(1, 1, 16, 16), new ClassTarget(0), Job.Quiet(1))[0, 0];
        var peak = map.argmax().item<long>();
        Assert.InRange(peak / 16, 4, 7);
        Assert.InRange(peak % 16, 8, 11);
    }

    [Fact]
    public void Rise_of_a_constant_score_is_that_constant_everywhere()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("three", x => x.flatten(1).sum(1, keepdim: true) * 0 + 3));
        var map = new Rise(4000, Cells: 3).Attribute(model, ones(1, 1, 9, 9), new ClassTarget(0), Job.Quiet());
        Assert.True((map - 3).abs().max().item<float>() < 0.2);
    }

    [Fact]
    public void Superpixels_keep_to_the_border_between_two_regions_and_nearly_all_are_used()
    {
        using var scope = NewDisposeScope();
        var x = zeros(1, 1, 30, 30);
        x.narrow(3, 13, 17).fill_(4);                                    // the border cuts through the grid's cells
        var players = Players.Of("superpixels:25", x);
        Assert.Equal(25, players.Count);
        var (left, right) = (players.Labels.narrow(3, 0, 13).data<long>().ToHashSet(), players.Labels.narrow(3, 13, 17).data<long>().ToHashSet());
        Assert.Empty(left.Intersect(right));
        Assert.True(left.Count + right.Count >= 20);
    }

    [Theory]
    [InlineData("quadrants", 4)]
    [InlineData("grid:3x2", 6)]
    [InlineData("grid:5", 25)]
    [InlineData("values", 60)]
    public void Every_player_has_a_place_and_every_place_a_player(string setting, int count)
    {
        using var scope = NewDisposeScope();
        var players = Players.Of(setting, zeros(1, 2, 6, 5));
        Assert.Equal(count, players.Count);
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), players.Labels.flatten().data<long>().ToArray().Distinct().Order());
    }

    [Theory]
    [InlineData("quadrant")]
    [InlineData("grid:0x2")]
    [InlineData("grid:3xtwo")]
    [InlineData("grid:3x2x2")]
    [InlineData("grid:7x2")]
    [InlineData("superpixels:1000")]
    [InlineData("mask:")]
    [InlineData("mask:nowhere.npy")]
    public void Players_that_cannot_be_are_refused(string setting) =>
        Assert.Throws<InputException>(() => Players.Of(setting, zeros(1, 2, 6, 5)));

    [Fact]
    public void A_mask_of_whole_numbers_names_the_players()
    {
        using var scope = NewDisposeScope();
        var file = Path.GetTempFileName();
        try
        {
            Activations.Npy.Write(file, new Numerics.NdArray([1, 4], [2, 0, 1, 1]));
            using var model = Toys.Chain(("sum", x => x.flatten(1).sum(1, keepdim: true)));
            var map = new FeatureAblation($"mask:{file}").Attribute(model, tensor(new float[] { 1, 2, 3, 4 }).reshape(1, 1, 1, 4), new ClassTarget(0), Job.Quiet());
            Near.Equal([1, 2, 7, 7], map, 1e-6);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public static TheoryData<string> All => ["occlusion", "feature-ablation", "rise", "lime", "kernel-shap", "shapley"];

    [Theory, MemberData(nameof(All))]
    public void A_cancelled_job_stops_and_progress_reaches_its_end(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var method = Catalog.Find(Catalog.Of<IAttribution>(), name).Create<IAttribution>(new Dictionary<string, string>());
        var x = Drawn.Normal(1, 2, 1, 8, 8);
        var last = default(Step);
        method.Attribute(model, x, new ClassTarget(0), new Job(0, new Last(step => last = step), CancellationToken.None));
        Assert.Equal((name, last.Total), (last.Stage, last.Done));
        Assert.ThrowsAny<OperationCanceledException>(() => method.Attribute(model, x, new ClassTarget(0), new Job(0, new Last(_ => { }), new CancellationToken(canceled: true))));
    }

    [Theory]
    [InlineData(1, 4, 200, 50)]
    [InlineData(8, 4, 200, 8)]
    [InlineData(200, 4, 200, 1)]
    [InlineData(1, 1L << 40, 200, 1)]
    [InlineData(1, 4, 3, 3)]
    public void Runs_are_of_equal_size_and_no_larger_than_memory_allows(long samples, long widest, int variants, int expected)
    {
        using var model = Toys.Mlp();
        Assert.Equal(expected, Packing.Copies(model.Graph, samples, widest, variants));
    }

    [Fact]
    public void Runs_of_equal_size_cover_everything()
    {
        Assert.Equal([0, 4, 6], Packing.Starts(10, 4));
        Assert.Equal([0], Packing.Starts(3, 3));
    }

    private static Tensor Values(IAttribution method, IDifferentiableModel model, float[] x) =>
        method.Attribute(model, tensor(x, [1, x.Length]), new ClassTarget(0), Job.Quiet(1));

    private static GraphModel Line(float[] weights) => Toys.Chain(("line", x => x.matmul(tensor(weights, [weights.Length, 1])) + 3));

    // Σ (i − 4) x_i + Σ 3 x_i x_{i+1} x_{i+2}
    private static GraphModel Threes() => Toys.Chain(("threes", x =>
        (x * arange(16).sub(4)).sum([1], keepdim: true) + (x.narrow(1, 0, 14) * x.narrow(1, 1, 14) * x.narrow(1, 2, 14)).sum([1], keepdim: true) * 3));

    // A third of every three that it is part of.
    private static double ThreesShare(int index) => Math.Min(3, Math.Min(index + 1, 16 - index));

    private sealed class Last(Action<Step> note) : IProgress<Step>
    {
        public void Report(Step value) => note(value);
    }
}
