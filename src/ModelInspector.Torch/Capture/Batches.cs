using ModelInspector.Datasets;
using ModelInspector.Models;
using ModelInspector.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Capture;

/// <summary>Between arrays and tensors.</summary>
public static class Batches
{
    /// <summary>All samples as tensors, batch by batch, in a size that the network takes. Each is disposed before the next one is made.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="graph">The network they are for.</param>
    /// <param name="size">Samples in a batch; the last one may be smaller.</param>
    /// <param name="device">Where the tensors live.</param>
    /// <param name="first">Index of the first sample.</param>
    public static IEnumerable<(SampleBatch Samples, Tensor Input)> For(SampleReader samples, ModelGraph graph, int size, string device = "cpu", int first = 0)
    {
        foreach (var batch in samples.Batches(graph.BatchOf(size), first))
        {
            using var input = ToTensor(batch.Input, device);
            yield return (batch, input);
        }
    }

    /// <summary>An array as a tensor (a copy).</summary>
    public static Tensor ToTensor(NdArray array, string device = "cpu")
    {
        using var scope = NewDisposeScope();
        return tensor(array.Values, device: torch.device(device)).reshape([.. array.Shape.Select(size => (long)size)]).MoveToOuterDisposeScope();
    }

    /// <summary>A tensor as an array (a copy, float32).</summary>
    public static NdArray ToArray(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var plain = tensor.detach().cpu().to_type(ScalarType.Float32).contiguous();
        return new NdArray([.. plain.shape.Select(size => (int)size)], plain.data<float>().ToArray());
    }
}
