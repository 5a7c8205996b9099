using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation;

/// <summary>The scores of a network on many masked copies of a batch.</summary>
internal static class MaskedRuns
{
    /// <summary>Scores with each mask put on: x · m + baseline · (1 − m).</summary>
    /// <param name="model">The network.</param>
    /// <param name="batch">(samples, channels, …).</param>
    /// <param name="target">What is explained; it must not depend on what the changed network answers.</param>
    /// <param name="variants">Masks in all.</param>
    /// <param name="masks">Masks of a range of variants: (samples or 1, count, channels or 1, …), 1 where the input stays.</param>
    /// <param name="job">Progress and cancellation.</param>
    /// <param name="stage">What progress is reported as.</param>
    /// <param name="baseline">What is put in, broadcastable to the batch; null for zero.</param>
    /// <returns>(samples, variants).</returns>
    public static Tensor Scores(
        IModel model, Tensor batch, Target target, int variants, Func<int, int, Tensor> masks, Job job, string stage, Tensor? baseline = null) =>
        Scores(model.Graph, batch, changed => Readout.Of(model, changed, target), target, variants, masks, job, stage, baseline);

    /// <summary>The same of any values that the network goes on from.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="values">(samples, channels, …).</param>
    /// <param name="read">What the target reads, of changed values: each sample's copies in a row.</param>
    /// <param name="target">What is explained; it must not depend on what the changed network answers.</param>
    /// <param name="variants">Masks in all.</param>
    /// <param name="masks">Masks of a range of variants: (samples or 1, count, channels or 1, …), 1 where the values stay.</param>
    /// <param name="job">Progress and cancellation.</param>
    /// <param name="stage">What progress is reported as.</param>
    /// <param name="baseline">What is put in, broadcastable to the values; null for zero.</param>
    /// <returns>(samples, variants).</returns>
    public static Tensor Scores(
        ModelGraph graph, Tensor values, Func<Tensor, Tensor> read, Target target, int variants, Func<int, int, Tensor> masks, Job job, string stage, Tensor? baseline = null)
    {
        var samples = values.shape[0];
        var copies = Packing.Copies(graph, samples, Packing.Widest(graph, values), variants);
        var repeated = target.Repeated(copies);
        var scores = zeros([samples, variants], ScalarType.Float32, values.device);
        foreach (var from in Packing.Starts(variants, copies))
        {
            using var run = NewDisposeScope();
            var changed = Masked(values, masks(from, copies), baseline).flatten(0, 1);                      // (N × copies, C, …)
            scores.narrow(1, from, copies).copy_(repeated.Of(read(changed)).reshape(samples, copies));
            job.Report(stage, from + copies, variants);
        }
        return scores;
    }

    private static Tensor Masked(Tensor batch, Tensor mask, Tensor? baseline)
    {
        if (baseline is null) return batch.unsqueeze(1) * mask;
        var fill = baseline.expand(batch.shape).unsqueeze(1);
        return fill + (batch.unsqueeze(1) - fill) * mask;
    }
}
