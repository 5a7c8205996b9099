using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Models;
using ModelInspector.Numerics;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace ModelInspector.Attribution.Perturbation;

/// <summary>RISE: the mean score of randomly masked inputs in which a position was kept.</summary>
/// <remarks>
/// Formula: Σ_m s(x · M_m) M_m(p) / (samples · keep), M_m a random grid of zeros and ones, enlarged linearly to one cell more than the input has along each axis and shifted by a random part of a cell.
/// Result: the batch's shape, the same for every channel, unit: score. Cost: <c>samples</c> forwards, many in one run; no gradient.
/// Source: Petsiuk et al., RISE, BMVC 2018, eq. 6 and section 3.2.
/// Misleads: only differences within a map mean something: a constant in the score lifts the whole map, and its chance grows with it. Few samples leave blotches
/// of a cell's size.
/// </remarks>
[Method("rise", "Petsiuk et al., RISE, BMVC 2018, eq. 6", Summary = "The mean score of randomly masked inputs in which a position was kept.")]
public sealed record Rise(
    [Description("random masks"), Range(1, 10_000_000)] int Samples = 1000,
    [Description("cells of a mask along each axis"), Range(1, 1000)] int Cells = 7,
    [Description("share of cells that are kept"), Range(0.01, 0.99)] double Keep = 0.5) : IAttribution
{
    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        if (batch.Dimensions < 3) throw new InputException($"RISE masks rows and columns; the input has shape ({string.Join(", ", batch.shape)}). Use kernel-shap with players=values.");
        var known = Unchanged.Of(model, batch, target);
        var positions = batch.shape[2..];
        var scores = MaskedRuns.Scores(model, batch, known.Target, Samples, (from, count) => Masks(from, count, positions, job.Seed, batch.device), job, "rise");
        return Mean(scores, positions, job.Seed, batch).MoveToOuterDisposeScope();
    }

    // The masks are drawn again: keeping thousands of them would take more memory than the network.
    private Tensor Mean(Tensor scores, long[] positions, ulong seed, Tensor batch)
    {
        const int together = 64;
        var sum = zeros([batch.shape[0], positions.Aggregate((a, b) => a * b)], ScalarType.Float32, batch.device);
        for (var from = 0; from < Samples; from += together)
        {
            using var run = NewDisposeScope();
            var count = Math.Min(together, Samples - from);
            sum.add_(scores.narrow(1, from, count).matmul(Masks(from, count, positions, seed, batch.device).reshape(count, -1)));
        }
        return (sum / (Samples * Keep)).reshape([batch.shape[0], 1, .. positions]).expand(batch.shape).to(batch.dtype).contiguous();
    }

    // (1, count, 1, positions…)
    private Tensor Masks(int from, int count, long[] positions, ulong seed, Device device)
    {
        long[] cell = [.. positions.Select(size => (size + Cells - 1) / Cells)];
        var masks = Enumerable.Range(from, count).Select(index => Mask(new Randomness(seed, (ulong)index), cell, positions));
        return stack(masks, 0).to(device).unsqueeze(0).unsqueeze(2);
    }

    private Tensor Mask(Randomness random, long[] cell, long[] positions)
    {
        var bits = new float[(int)Math.Pow(Cells, positions.Length)];
        for (var i = 0; i < bits.Length; i++) bits[i] = random.Uniform((ulong)i) < Keep ? 1 : 0;
        var coarse = tensor(bits, [1, 1, .. positions.Select(_ => (long)Cells)]);
        var mask = F.interpolate(coarse, [.. cell.Select(size => size * (Cells + 1))], align_corners: false, mode: Resize.Linear(positions.Length))[0, 0];
        for (var axis = 0; axis < positions.Length; axis++)
            mask = mask.narrow(axis, random.Below((int)cell[axis], (ulong)(bits.Length + axis)), positions[axis]);
        return mask;
    }
}
