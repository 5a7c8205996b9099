using ModelInspector.Activations;
using ModelInspector.Capture;
using ModelInspector.Datasets;
using ModelInspector.Findings;
using ModelInspector.Models;
using ModelInspector.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Inspection.Cards;

/// <summary>Reads the weights of the convolution that looks at the picture itself.</summary>
internal static class FirstConvolution
{
    private const int MostPlanes = 4;

    private static readonly HashSet<string> Convolutions = ["Conv", "conv2d", "convolution", "_convolution", "aten::conv2d", "aten::convolution", "aten::_convolution"];

    /// <summary>The first convolution's kernels; null where there is none in two dimensions over at most four channels, or a kernel is a single weight.</summary>
    public static FirstKernels? Of(Subject subject, RunDirectory run, string device)
    {
        var first = subject.Model.Graph.Layers.FirstOrDefault(layer => Convolutions.Contains(layer.Op));
        var weights = first is null ? null : Weights(subject, first, device);
        if (first is null || weights is null) return null;
        var swapped = weights.Shape[1] == 3 && subject.Samples.Preprocessing.Channels == ChannelOrder.Bgr;
        if (swapped) Swap(weights);
        Npy.Write(run.File("units/kernels.npy"), weights);
        var source = Provenance.Of("kernels");
        return new FirstKernels($"Kernels of {first.Name}", swapped ? Said(source) : source, first.Name, new ArrayFile("units/kernels.npy", weights.Shape));
    }

    private static Provenance Said(Provenance source) =>
        source with { Settings = source.Settings.Add("channels", "the network takes blue, green, red; written as red, green, blue") };

    private static NdArray? Weights(Subject subject, Layer first, string device)
    {
        NdArray? found = null;
        using var quiet = inference_mode();
        using var scope = NewDisposeScope();
        var input = zeros([subject.Model.Graph.BatchOf(1), .. subject.Samples.Shape.Select(size => (long)size)], device: torch.device(device));
        using var outputs = subject.Model.Run(input, (layer, given, _) =>
        {
            if (layer.Name == first.Name && given.Length > 1 && IsSeen(given[1])) found = Batches.ToArray(given[1]);
            return null;
        });
        return found;
    }

    // The first channel and the third change places.
    private static void Swap(NdArray weights)
    {
        var plane = weights.Shape[2] * weights.Shape[3];
        var kept = new float[plane];
        for (var kernel = 0; kernel < weights.Shape[0]; kernel++)
        {
            var row = weights[kernel];
            row[..plane].CopyTo(kept);
            row.Slice(2 * plane, plane).CopyTo(row);
            kept.CopyTo(row[(2 * plane)..]);
        }
    }

    private static bool IsSeen(Tensor weights) =>
        weights.Dimensions == 4 && weights.shape[1] <= MostPlanes && weights.shape[2] * weights.shape[3] > 1;
}
