using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation;

/// <summary>Kernel SHAP: Shapley values from a weighted straight-line fit to the scores of random coalitions.</summary>
/// <remarks>
/// Formula: φ = argmin Σ_z w(z) (s(z) − s(baseline) − Σ_i φ_i z_i)² with Σ φ_i = s(x) − s(baseline); coalitions are drawn with the kernel's weights, in
/// complementary pairs, or all taken where there are no more than <c>samples</c>: then the values are the Shapley values. Drawn at each position of the part.
/// Result: the batch's shape, unit: score. Cost: <c>samples</c> forwards, many in one run; no gradient.
/// Source: Lundberg and Lee, NeurIPS 2017, theorem 2; Covert and Lee, AISTATS 2021, section 3 (constrained fit, paired draws).
/// Misleads: with few samples a part's value is mostly chance; it says nothing of its own error. The baseline and the way the input is cut up decide as for Shapley values.
/// </remarks>
[Method("kernel-shap", "Lundberg and Lee, A unified approach to interpreting model predictions, NeurIPS 2017, theorem 2", Summary = "Shapley values from a weighted fit to the scores of random coalitions.")]
public sealed record KernelShap(
    [Description("parts of the input: " + Players.Summary)] string Players = "superpixels:50",
    [Description("coalitions that are run"), Range(4, 10_000_000)] int Samples = 1000,
    [Description("value that is put in, in the network's (normalised) units")] double Baseline = 0) : IAttribution
{
    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var game = Game.Of(model, batch, target, Players, Baseline);
        var nothing = game.Nothing().to(ScalarType.Float64);
        var gain = game.Whole.to(ScalarType.Float64) - nothing;                                             // (N)
        if (game.Players.Count == 1) return game.Drawn(gain.unsqueeze(1)).MoveToOuterDisposeScope();
        var (coalitions, weights) = Drawn(game.Players.Count, batch.device, job.Seed);
        var worth = game.Worth((int)coalitions.shape[0], (from, count) => coalitions.narrow(0, from, count), job, "kernel-shap").to(ScalarType.Float64);
        return game.Drawn(Fitted(coalitions.to(ScalarType.Float64), weights, worth - nothing.unsqueeze(1), gain)).MoveToOuterDisposeScope();
    }

    private (Tensor Coalitions, Tensor Weights) Drawn(int players, Device device, ulong seed)
    {
        if (players < 30 && (1L << players) - 2 <= Samples)
        {
            var all = Coalitions.Numbered(1, (1 << players) - 2, players, device);
            return (all, Kernel(all.sum(1).to(ScalarType.Float64), players));
        }
        var drawn = Coalitions.ByKernel(0, Samples, players, seed, device);
        return (drawn, ones([Samples], ScalarType.Float64, device));
    }

    // (n − 1) / (C(n, s) s (n − s)), to a factor.
    private static Tensor Kernel(Tensor sizes, int players)
    {
        var logs = arange(1.0, players + 1.0, dtype: ScalarType.Float64, device: sizes.device).log();
        var factorials = cat([zeros_like(logs.narrow(0, 0, 1)), logs.cumsum(0)]);                           // log k!, k = 0 … players
        Tensor LogFactorial(Tensor number) => factorials.index_select(0, number.to(ScalarType.Int64));
        var logChoose = factorials[players] - LogFactorial(sizes) - LogFactorial(players - sizes);
        return (-logChoose).exp() / (sizes * (players - sizes));
    }

    // Least squares under one constraint, for every sample's scores at once.
    private static Tensor Fitted(Tensor coalitions, Tensor weights, Tensor worth, Tensor gain)
    {
        var weighted = coalitions.t() * weights;                                                            // (players, coalitions)
        var matrix = weighted.matmul(coalitions);
        var scale = matrix.diagonal().mean().item<double>();
        var stabilised = matrix + eye(matrix.shape[0], dtype: ScalarType.Float64, device: matrix.device) * (scale * 1e-12);
        var solved = linalg.solve(stabilised, cat([weighted.matmul(worth.t()), ones([matrix.shape[0], 1], ScalarType.Float64, matrix.device)], 1));
        var (free, direction) = (solved.narrow(1, 0, worth.shape[0]), solved.narrow(1, -1, 1));              // (players, N), (players, 1)
        return (free - direction * ((free.sum([0]) - gain) / direction.sum())).t();
    }
}
