using System.Collections.Immutable;
using ModelInspector.Activations;
using ModelInspector.Datasets;
using ModelInspector.Models;
using ModelInspector.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Capture;

/// <summary>Streams samples through a network once and keeps what chosen layers give.</summary>
/// <remarks>Memory: one batch and its activations, whatever the number of samples. An interrupted capture goes on where it stopped.</remarks>
public static class ActivationCapture
{
    /// <summary>Captures layers into a folder; returns at once if the folder holds this very capture already.</summary>
    /// <param name="model">The network.</param>
    /// <param name="samples">What is run through it.</param>
    /// <param name="layers">Layers to keep.</param>
    /// <param name="pooling">What is kept of the positions.</param>
    /// <param name="folder">Where the store is written.</param>
    /// <param name="batch">Samples in one run.</param>
    /// <param name="job">Progress and cancellation.</param>
    public static ActivationStore Run(
        IModel model, SampleReader samples, ImmutableArray<Layer> layers, Pooling pooling, string folder, int batch, Job job)
    {
        var request = new CaptureRequest(model.Graph.Sha256, samples.Sha256, pooling, samples.Count, [.. layers.Select(layer => layer.Name)]);
        if (ActivationStore.Holds(folder, request)) return ActivationStore.Open(folder);
        using var writer = ActivationWriter.Begin(folder, request);
        var wanted = layers.Select(layer => layer.Name).ToHashSet();
        using var quiet = inference_mode();
        foreach (var read in samples.Batches(model.Graph.BatchOf(batch), (int)writer.Rows))
        {
            using var scope = NewDisposeScope();
            using var outputs = model.RunTapped(Batches.ToTensor(read.Input), Into(writer, pooling), wanted);
            writer.EndBatch(read.Samples.Length);
            job.Report("capture", writer.Rows, samples.Count);
        }
        return writer.Complete();
    }

    /// <summary>A tap that appends the layers a store wants.</summary>
    public static Tap Into(ActivationWriter writer, Pooling pooling) => (layer, _, output) =>
    {
        if (writer.Wants(layer.Name)) Append(writer, layer, output, pooling);
        return null;
    };

    /// <summary>Appends one layer's activations of one batch, pooled where the tensor lives: what is copied out is a fraction of it.</summary>
    public static void Append(ActivationWriter writer, Layer layer, Tensor activation, Pooling pooling) => writer.Append(layer.Name, Pooled(activation, pooling));

    private static NdArray Pooled(Tensor output, Pooling pooling)
    {
        using var scope = NewDisposeScope();
        // A store pools what is given to it whole.
        if (pooling is Pooling.None or Pooling.Quantile || output.Dimensions < 4) return Batches.ToArray(output);
        var channels = output.detach().flatten(2);
        return Batches.ToArray(pooling == Pooling.Max ? channels.amax(2) : channels.mean([2]));
    }
}
