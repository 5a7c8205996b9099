using ModelInspector.Attribution.Perturbation;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Maps;

/// <summary>The scores of a network whose layer is changed once for each of its channels.</summary>
internal static class ChannelRuns
{
    /// <summary>Scores with the layer changed for each channel, many channels in one run.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="rest">What follows the layer.</param>
    /// <param name="target">What is explained; it must not depend on what the changed network answers.</param>
    /// <param name="change">Channels' numbers (n) and the layer's output to its variants, (samples, n, channels, …).</param>
    /// <param name="job">Progress and cancellation.</param>
    /// <param name="stage">What progress is reported as.</param>
    /// <returns>(samples, channels).</returns>
    public static Tensor Scores(ModelGraph graph, Suffix rest, Target target, Func<Tensor, Tensor, Tensor> change, Job job, string stage)
    {
        var (samples, count) = (rest.Value.shape[0], (int)rest.Value.shape[1]);
        var copies = Packing.Copies(graph, samples, Packing.Widest(graph, rest.Value), count);
        var repeated = target.Repeated(copies);
        var scores = zeros([samples, count], ScalarType.Float32, rest.Value.device);
        foreach (var from in Packing.Starts(count, copies))
        {
            using var run = NewDisposeScope();
            var channels = arange(from, from + copies, ScalarType.Int64, rest.Value.device);
            var changed = change(channels, rest.Value).flatten(0, 1);                                       // (N × copies, C, …)
            scores.narrow(1, from, copies).copy_(repeated.Of(rest.Scores(changed)).reshape(samples, copies));
            job.Report(stage, from + copies, count);
        }
        return scores;
    }

    /// <summary>Σ_k w_k A_k(p), (samples, positions…).</summary>
    public static Tensor Weighted(Tensor weights, Tensor value) =>
        (weights.reshape([.. weights.shape, .. value.shape[2..].Select(_ => 1L)]) * value).sum(1);

    public static void RequireChannels(Layer layer, Tensor value)
    {
        if (value.Dimensions < 2) throw new InputException(
            $"Layer `{layer.Name}` gives values of shape ({string.Join(", ", value.shape)}), which have no channels. Choose a layer that gives (samples, channels, …).");
    }
}
