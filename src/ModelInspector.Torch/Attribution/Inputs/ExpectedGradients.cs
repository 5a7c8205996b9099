using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Activations;
using ModelInspector.Capture;
using ModelInspector.Models;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Inputs;

/// <summary>Expected gradients: integrated gradients averaged over baselines drawn from a background.</summary>
/// <remarks>
/// Formula: mean over draws of (x − b) · ∂ score / ∂x at b + α(x − b), b drawn from the background, α evenly spread over 0 … 1. Without a background b is
/// normal noise with the sample's own mean and deviation. All samples get the same draws. Result: the batch's shape, unit: score. Sums to the score minus its mean over
/// the background but for chance, which is told. Cost: a forward and backward a draw, and a forward for the background's score; several draws share a run.
/// Source: Erion et al., Improving performance of deep learning models with axiomatic attribution priors and expected gradients, Nature Machine Intelligence 2021, eq. 3.
/// Misleads: the background decides what counts as usual; a difference from it that the network was never taught still gets attribution.
/// </remarks>
[Method("expected-gradients", "Erion et al., Axiomatic attribution priors and expected gradients, Nature Machine Intelligence 2021, eq. 3",
    Summary = "Integrated gradients averaged over baselines drawn from a background.")]
public sealed record ExpectedGradients(
    [Description("draws of a baseline and a place on the way"), Range(1, 100_000)] int Draws = 100,
    [Description("inputs to draw baselines from, as .npy; without one, noise with the sample's own mean and deviation")] string Background = "") : IAttribution
{
    /// <inheritdoc/>
    /// <exception cref="InputException">The background's inputs have another shape.</exception>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job)
    {
        using var scope = NewDisposeScope();
        var background = Background.Length == 0 ? null : Read(batch);
        var (known, atInput, _) = Unchanged.Of(model, batch, target);
        var (random, copies) = (new Randomness(job.Seed), Line.Copies(model, batch));
        var (sum, usual) = (zeros_like(batch), zeros_like(atInput));
        for (var first = 0; first < Draws; first += copies)
        {
            job.Report("expected gradients", first, Draws);
            using var inner = NewDisposeScope();
            var draws = Enumerable.Range(first, Math.Min(copies, Draws - first)).ToList();
            var from = background is null ? Noise(batch, draws, job.Seed) : Drawn(background, batch, draws, random);        // (samples, draws, …)
            var at = tensor(draws.Select(draw => (float)((draw + random.Uniform((ulong)draw)) / Draws)).ToArray(), dtype: batch.dtype, device: batch.device);
            var way = batch.unsqueeze(1) - from;
            var points = from + (way * at.reshape([1, draws.Count, .. Enumerable.Repeat(1L, (int)batch.Dimensions - 1)]));
            var gradients = LayerGradients.OfInput(model, points.flatten(0, 1), known.Repeated(draws.Count));
            sum.add_((way * Line.Rowed(gradients, draws.Count)).sum(1).div(Draws));
            usual.add_(Scored(model, from, known, draws.Count).div(Draws));
        }
        job.Report("expected gradients", Draws, Draws, Completeness.Of(sum, atInput, usual).ToString());
        return sum.MoveToOuterDisposeScope();
    }

    private static Tensor Scored(IDifferentiableModel model, Tensor from, Target target, int draws)
    {
        using var quiet = no_grad();
        return Line.Rowed(target.Repeated(draws).Of(Readout.Of(model, from.flatten(0, 1), target)), draws).sum(1);
    }

    private Tensor Read(Tensor batch)
    {
        var array = Npy.Read(Background);
        if (array.Shape.Length == batch.Dimensions && array.Shape[0] > 0 && array.Shape.Skip(1).Select(size => (long)size).SequenceEqual(batch.shape[1..]))
            return Batches.ToTensor(array).to(batch.device);
        throw new InputException($"{Background} holds inputs of shape ({string.Join(", ", array.Shape)}). Expected (any number, {string.Join(", ", batch.shape[1..])}), as the inputs that are explained.");
    }

    private static Tensor Drawn(Tensor background, Tensor batch, List<int> draws, Randomness random)
    {
        var chosen = tensor(draws.Select(draw => (long)random.Below((int)background.shape[0], ulong.MaxValue / 2 + (ulong)draw)).ToArray(), device: batch.device);
        return background.index_select(0, chosen).unsqueeze(0).expand([batch.shape[0], draws.Count, .. batch.shape[1..]]);
    }

    private static Tensor Noise(Tensor batch, List<int> draws, ulong seed)
    {
        var (each, ones) = (batch.flatten(1), Enumerable.Repeat(1L, (int)batch.Dimensions).ToArray());
        var (mean, deviation) = (each.mean([1]).reshape([-1, .. ones]), each.std([1], unbiased: false).reshape([-1, .. ones]));
        return mean + (deviation * SmoothGrad.Noises(batch, seed, draws[0], draws.Count));
    }
}
