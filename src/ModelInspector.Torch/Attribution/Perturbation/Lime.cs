using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation;

/// <summary>LIME: a straight-line model of the score around the input, whose features are parts that are there or not.</summary>
/// <remarks>
/// Formula: (c, β) = argmin Σ_z exp(−d(z)² / (2 width²)) (s(z) − c − Σ_i β_i z_i)² + ridge Σ β_i², z random coalitions, d(z) = 1 − √(share of parts kept), the cosine
/// distance from the whole. Drawn at each position of the part. Result: the batch's shape, unit: score.
/// Cost: <c>samples</c> forwards, many in one run; no gradient. Source: Ribeiro et al., KDD 2016, eq. 2, with the kernel and width that the authors' program has for images, whose similarity is √exp(−d²/width²).
/// Misleads: the values depend on the width and the ridge as much as on the network; parts that only work together share what they add by chance of the fit.
/// </remarks>
[Method("lime", "Ribeiro et al., Why should I trust you?, KDD 2016, eq. 2", Summary = "A straight-line model of the score around the input, part by part.")]
public sealed record Lime(
    [Description("parts of the input: " + Players.Summary)] string Players = "superpixels:50",
    [Description("coalitions that are run"), Range(4, 10_000_000)] int Samples = 1000,
    [Description("how far from the whole input coalitions still count, as cosine distance"), Range(0.001, 100)] double Width = 0.25,
    [Description("penalty on large values"), Range(0.0, 1e9)] double Ridge = 1,
    [Description("value that is put in, in the network's (normalised) units")] double Baseline = 0) : IAttribution
{
    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var game = Game.Of(model, batch, target, Players, Baseline);
        var coalitions = Coalitions.Even(0, Samples, game.Players.Count, job.Seed, batch.device);
        var worth = game.Worth(Samples, (from, count) => coalitions.narrow(0, from, count), job, "lime");
        return game.Drawn(Fitted(coalitions.to(ScalarType.Float64), worth.to(ScalarType.Float64))).MoveToOuterDisposeScope();
    }

    // The constant is not penalised: it drops out when everything is taken from its weighted mean.
    private Tensor Fitted(Tensor coalitions, Tensor worth)
    {
        var distance = 1 - coalitions.mean([1]).sqrt();
        var weights = (-(distance * distance) / (2 * Width * Width)).exp().unsqueeze(1);                         // (coalitions, 1)
        var (features, scores) = (coalitions - Mean(coalitions, weights), worth.t() - Mean(worth.t(), weights));
        var matrix = (features * weights).t().matmul(features) + eye(features.shape[1], dtype: ScalarType.Float64, device: features.device) * Math.Max(Ridge, 1e-9);
        return linalg.solve(matrix, (features * weights).t().matmul(scores)).t();                           // (N, players)
    }

    private static Tensor Mean(Tensor rows, Tensor weights) => (rows * weights).sum(0, keepdim: true) / weights.sum();
}
