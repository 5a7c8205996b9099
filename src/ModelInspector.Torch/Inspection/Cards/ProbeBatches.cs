using System.Collections.Immutable;
using ModelInspector.Capture;
using ModelInspector.Models;
using ModelInspector.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Inspection.Cards;

/// <summary>Runs chosen samples through the network, without gradients, batch by batch.</summary>
internal sealed record ProbeBatches(Subject Subject, int Size, string Device)
{
    /// <summary>Calls a tap for every layer looked at.</summary>
    /// <param name="samples">Indices of the samples.</param>
    /// <param name="layers">Layers to look at.</param>
    /// <param name="see">Place of the batch's first sample among <paramref name="samples"/>, layer, activation (alive during the call).</param>
    /// <param name="stage">Name to report under.</param>
    /// <param name="job">Progress and cancellation.</param>
    public void Run(ImmutableArray<int> samples, IEnumerable<Layer> layers, Action<int, Layer, Tensor> see, string stage, Job job)
    {
        var wanted = layers.Select(layer => layer.Name).ToHashSet();
        var size = Subject.Model.Graph.BatchOf(Size);
        using var quiet = inference_mode();
        for (var first = 0; first < samples.Length; first += size)
        {
            using var scope = NewDisposeScope();
            var start = first;
            using var outputs = Subject.Model.RunTapped(Input(samples.AsSpan(first, Math.Min(size, samples.Length - first))), (layer, _, output) =>
            {
                see(start, layer, output);
                return null;
            }, wanted);
            job.Report(stage, Math.Min(first + size, samples.Length), samples.Length);
        }
    }

    private Tensor Input(ReadOnlySpan<int> samples)
    {
        var (indices, input) = (samples.ToArray(), new NdArray([samples.Length, .. Subject.Samples.Shape]));
        RowParallel.Run(indices.Length, 1, (i, _, _) => Subject.Samples.Load(indices[i]).Input.Values.CopyTo(input[i]));
        return Batches.ToTensor(input, Device);
    }
}
