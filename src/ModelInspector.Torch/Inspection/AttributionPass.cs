using System.Collections.Immutable;
using ModelInspector.Activations;
using ModelInspector.Attribution;
using ModelInspector.Capture;
using ModelInspector.Datasets;
using ModelInspector.Evaluation.Localisation;
using ModelInspector.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Inspection;

/// <summary>What one pass over all samples gives.</summary>
/// <param name="Predicted">Predicted class of each sample.</param>
/// <param name="Confidence">Its soft-max probability.</param>
/// <param name="Table">Scores of every map against the masks.</param>
/// <param name="Store">Activations of every layer, pooled over positions.</param>
/// <param name="Neutral">Mean over classes of each class's mean input, (C, H, W).</param>
/// <param name="MaskShare">Share of each sample's positions inside its mask; NaN without mask.</param>
/// <param name="Gathered">Mean attribution by position, of all samples and of the positions outside their masks.</param>
internal sealed record PassResult(
    ImmutableArray<int> Predicted, ImmutableArray<float> Confidence, DepthTable Table, ActivationStore Store, NdArray Neutral, ImmutableArray<double> MaskShare, GatheredAttribution Gathered);

/// <summary>
/// One forward and one backward per batch: predictions, pooled activations, and every map at every layer, scored against the masks and then dropped.
/// </summary>
internal sealed class AttributionPass(Subject subject, ImmutableArray<(string Name, ILayerMap Map)> maps, int batch, string device)
{
    private readonly int[] predicted = new int[subject.Count];
    private readonly float[] confidence = new float[subject.Count];
    private readonly double[] maskShare = new double[subject.Count];
    private readonly ClassMeans means = new();
    private readonly GatheredAttribution gathered = new();

    public PassResult Run(string storeFolder, Job job)
    {
        var table = new DepthTable(subject.LayerNames, [.. maps.Select(map => map.Name)], subject.Count, job.Seed);
        var request = new CaptureRequest(subject.Model.Graph.Sha256, subject.Samples.Sha256, Pooling.Mean, subject.Count, subject.LayerNames);
        ActivationWriter.Discard(storeFolder);
        using var writer = ActivationWriter.Begin(storeFolder, request);
        foreach (var (read, input) in Batches.For(subject.Samples, subject.Model.Graph, batch, device))
        {
            using var scope = NewDisposeScope();
            Look(read, input, table, writer);
            writer.EndBatch(read.Samples.Length);
            job.Report("attribute", read.First + read.Samples.Length, subject.Count);
        }
        return new PassResult([.. predicted], [.. confidence], table, writer.Complete(), means.Neutral(), [.. maskShare], gathered);
    }

    private void Look(SampleBatch read, Tensor input, DepthTable table, ActivationWriter writer)
    {
        var pairs = LayerGradients.Of(subject.Model, input, subject.Layers, new PredictedClass(), scores => Note(read.First, scores));
        NdArray?[] masks = [.. read.Samples.Select(sample => sample.Mask)];
        if (read.Samples.All(sample => sample.Frame is not null)) table.AddControls(read.First, masks, [.. read.Samples.Select(sample => sample.Frame!.Intensity())]);
        foreach (var pair in pairs)
        {
            ActivationCapture.Append(writer, pair.Layer, pair.Activation, Pooling.Mean);
            foreach (var (name, map) in maps) Score(read, masks, table, pair, name, map);
        }
        for (var i = 0; i < read.Samples.Length; i++) Sum(read.Samples[i], read.First + i);
    }

    private void Score(SampleBatch read, NdArray?[] masks, DepthTable table, ActivationAndGradient pair, string name, ILayerMap map)
    {
        var drawn = map.Map(pair.Activation, pair.Gradient);
        table.Add(pair.Layer.Name, name, read.First, Batches.ToArray(drawn), masks);
        if (name == maps[0].Name && read.Input.Shape.Length == 4) gathered.Add(Resize.To(drawn, [.. read.Input.Shape[2..].Select(size => (long)size)]), masks);
    }

    private void Sum(LoadedSample sample, int index)
    {
        means.Add(Class(sample.Sample.Label, index), sample.Input);
        maskShare[index] = sample.Mask is { } mask ? mask.Values.Average(inside => (double)inside) : double.NaN;
    }

    private int Class(int label, int sample) => label >= 0 ? label : predicted[sample];

    private void Note(int first, Tensor scores)
    {
        var (top, index) = scores.softmax(1).max(1);
        top.cpu().data<float>().CopyTo(confidence, first);
        foreach (var (i, value) in index.cpu().data<long>().Index()) predicted[first + i] = (int)value;
    }
}
