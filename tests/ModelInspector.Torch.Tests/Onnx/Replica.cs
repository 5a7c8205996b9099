using ModelInspector.Models;
using ModelInspector.Models.Onnx;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Onnx;

/// <summary>A network computed again in double precision, step by step: what is left of a difference then is rounding.</summary>
internal static class Replica
{
    /// <summary>The outputs of a network for the values <see cref="Peer.Both(OnnxBuilder)"/> gives it, by name.</summary>
    public static IReadOnlyDictionary<string, NdArray> InDouble(OnnxBuilder network)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var model = (IRecordableModel)Toy.Open(network);
        var inputs = model.Graph.Inputs.ToDictionary(port => port.Name, port => (Drawn.Even(2, [.. port.Shape]) * 4) - 2);
        using var recording = model.Record(Inputs.Named(inputs));
        var values = Wide(recording);
        return model.Graph.Outputs.Zip(recording.Outputs).ToDictionary(pair => pair.First.Name, pair => Array((Tensor)values[pair.Second]!));
    }

    private static Dictionary<int, object?> Wide(Recording recording)
    {
        var values = new Dictionary<int, object?>();
        foreach (var step in recording.Steps)
        {
            var given = step.Reads.Zip(step.Inputs, (slot, value) => values.TryGetValue(slot, out var known) ? known : Wide(value)).ToArray();
            foreach (var (slot, output) in step.Writes.Zip(step.Kernel(given))) values[slot] = output;
        }
        return values;
    }

    private static object? Wide(object? value) => value is Tensor tensor && tensor.is_floating_point() ? tensor.to(ScalarType.Float64) : value;

    private static NdArray Array(Tensor tensor)
    {
        Assert.Equal(ScalarType.Float64, tensor.dtype);
        return new([.. tensor.shape.Select(size => (int)size)], [.. tensor.reshape(-1).data<double>().ToArray().Select(value => (float)value)]);
    }
}
