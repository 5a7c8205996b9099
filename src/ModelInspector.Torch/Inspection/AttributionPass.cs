using System.Collections.Immutable;
using System.Diagnostics;
using ModelInspector.Activations;
using ModelInspector.Attribution;
using ModelInspector.Attribution.Tokens;
using ModelInspector.Capture;
using ModelInspector.Datasets;
using ModelInspector.Evaluation.Localisation;
using ModelInspector.Models;
using ModelInspector.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Inspection;

/// <summary>What one pass over all samples gives.</summary>
/// <param name="Predicted">Predicted class of each sample; -1 where the network gives one number and no class.</param>
/// <param name="Confidence">Its soft-max probability; that number where it gives one.</param>
/// <param name="Table">Scores of every map against the masks.</param>
/// <param name="Store">Activations of every layer, pooled over positions.</param>
/// <param name="Neutral">Mean over classes of each class's mean input, (C, H, W).</param>
/// <param name="MaskShare">Share of each sample's positions inside its mask; NaN without mask.</param>
/// <param name="Gathered">Mean attribution by position, of all samples and of the positions outside their masks.</param>
internal sealed record PassResult(
    ImmutableArray<int> Predicted, ImmutableArray<float> Confidence, DepthTable Table, ActivationStore Store, NdArray Neutral, ImmutableArray<double> MaskShare, GatheredAttribution Gathered)
{
    /// <summary>Whether the network gives one number a sample instead of a score a class.</summary>
    public bool IsOneNumber { get; } = Numbers(Predicted);

    /// <summary>The class decided for in each sample; of a network's one number, whether it lies below the median or not.</summary>
    public ImmutableArray<int> Decided { get; } = Numbers(Predicted) ? Sides(Confidence) : Predicted;

    /// <summary>Half the standard deviation of a network's one number over the samples: what counts as having moved. Null for scores of classes.</summary>
    public double? Step { get; } = Numbers(Predicted) ? Math.Max(1e-12, Deviation(Confidence) / 2) : null;

    private static bool Numbers(ImmutableArray<int> predicted) => !predicted.IsEmpty && predicted.All(one => one < 0);

    private static ImmutableArray<int> Sides(ImmutableArray<float> numbers)
    {
        var median = numbers.Order().ElementAt(numbers.Length / 2);
        return [.. numbers.Select(number => number < median ? 0 : 1)];
    }

    private static double Deviation(ImmutableArray<float> numbers)
    {
        var mean = numbers.Average(number => (double)number);
        return Math.Sqrt(numbers.Average(number => Math.Pow(number - mean, 2)));
    }
}

/// <summary>
/// One forward and one backward per batch: predictions, pooled activations, and every map at every layer, scored against the masks and then dropped.
/// Every few seconds it writes down how far it got; begun again, it goes on from there.
/// </summary>
internal sealed class AttributionPass(Subject subject, InspectionRequest request, ImmutableArray<(string Name, ILayerMap Map)> maps, ImmutableArray<int> halves)
{
    private readonly TokenGrid? grid = TokenGrid.Of(subject.Model.Graph);

    private PassState state = null!;

    public PassResult Run(string storeFolder, string checkpoint, Job job)
    {
        var capture = new CaptureRequest(subject.Model.Graph.Sha256, subject.Samples.Sha256, request.Pooling, subject.Count, subject.LayerNames);
        state = Found(checkpoint, job.Seed);
        var store = state.Rows == subject.Count && ActivationStore.Holds(storeFolder, capture) ? ActivationStore.Open(storeFolder) : Look(storeFolder, capture, checkpoint, job);
        return new PassResult([.. state.Predicted], [.. state.Confidence], state.Table, store, state.Means.Neutral(), [.. state.MaskShare], state.Gathered);
    }

    private PassState Found(string checkpoint, ulong seed)
    {
        var found = Fresh(seed);
        Checkpoint.Read(checkpoint, found.Load);
        return found;
    }

    private PassState Fresh(ulong seed) =>
        new(new DepthTable(subject.LayerNames, [.. maps.Select(map => map.Name)], subject.Count, seed), halves);

    private ActivationStore Look(string storeFolder, CaptureRequest capture, string checkpoint, Job job)
    {
        using var writer = Begin(storeFolder, capture, job.Seed);
        var since = Stopwatch.StartNew();
        foreach (var (read, input) in Batches.For(subject.Samples, subject.Model.Graph, request.Batch, request.Device, state.Rows))
        {
            using var scope = NewDisposeScope();
            Look(read, input, writer);
            writer.EndBatch(read.Samples.Length);
            state.Rows += read.Samples.Length;
            if (since.Elapsed > request.BetweenCheckpoints || state.Rows == subject.Count) Save(checkpoint, since);
            job.Report("attribute", state.Rows, subject.Count);
        }
        return writer.Complete();
    }

    // The activations may have got further than the last checkpoint; without them the checkpoint is worth nothing.
    private ActivationWriter Begin(string storeFolder, CaptureRequest capture, ulong seed)
    {
        if (state.Rows > 0)
        {
            var found = ActivationWriter.Begin(storeFolder, capture, state.Rows);
            if (found.Rows == state.Rows) return found;
            found.Dispose();
        }
        state = Fresh(seed);
        ActivationWriter.Discard(storeFolder);
        return ActivationWriter.Begin(storeFolder, capture);
    }

    private void Save(string checkpoint, Stopwatch since)
    {
        Checkpoint.Write(checkpoint, state.Save);
        since.Restart();
    }

    private void Look(SampleBatch read, Tensor input, ActivationWriter writer)
    {
        var pairs = LayerGradients.Of(subject.Model, input, subject.Layers, new PredictedClass(), scores => Note(read.First, scores));
        NdArray?[] masks = [.. read.Samples.Select(sample => sample.Mask)];
        if (read.Samples.All(sample => sample.Frame is not null)) state.Table.AddControls(read.First, masks, [.. read.Samples.Select(sample => sample.Frame!.Intensity())]);
        foreach (var pair in pairs)
        {
            ActivationCapture.Append(writer, pair.Layer, pair.Activation, request.Pooling);
            foreach (var (map, drawn) in maps.Zip(pair.Drawn([.. maps.Select(map => map.Map)], grid))) Score(read, masks, pair.Layer.Name, map.Name, drawn);
        }
        for (var i = 0; i < read.Samples.Length; i++) Sum(read.Samples[i], read.First + i);
    }

    private void Score(SampleBatch read, NdArray?[] masks, string layer, string name, Tensor drawn)
    {
        state.Table.Add(layer, name, read.First, Batches.ToArray(drawn), masks);
        if (name == maps[0].Name && read.Input.Shape.Length == 4) state.Gathered.Add(read.First, Resize.To(drawn, [.. read.Input.Shape[2..].Select(size => (long)size)]), masks);
    }

    private void Sum(LoadedSample sample, int index)
    {
        state.Means.Add(Class(sample.Sample.Label, index), sample.Input);
        state.MaskShare[index] = sample.Mask is { } mask ? mask.Values.Average(inside => (double)inside) : double.NaN;
    }

    private int Class(int label, int sample) => label >= 0 ? label : state.Predicted[sample];

    private void Note(int first, Tensor scores)
    {
        Decide(first, scores);
        var bad = state.Confidence.AsSpan(first, (int)scores.shape[0]).IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        if (bad >= 0)
            throw new InputException($"The network gives {state.Confidence[first + bad]} for {subject.Samples.Data.Samples[first + bad].Id}; a finite number is needed to tell anything. "
                + "Look at the sample's values and at the preprocessing, or leave the sample out.");
    }

    private void Decide(int first, Tensor scores)
    {
        if (scores.shape is [_, 1])
        {
            state.Predicted.AsSpan(first, (int)scores.shape[0]).Fill(-1);
            scores.cpu().data<float>().CopyTo(state.Confidence, first);
            return;
        }
        var (top, index) = Scores.Decided(subject.Model.Graph, scores);
        top.cpu().data<float>().CopyTo(state.Confidence, first);
        foreach (var (i, value) in index.cpu().data<long>().Index()) state.Predicted[first + i] = (int)value;
    }
}
