using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models;

/// <summary>Made-up inputs, to learn from one run what a network's file does not say.</summary>
public static class SampleInputs
{
    /// <summary>A shape for each input, with one sample where the batch is free.</summary>
    /// <param name="graph">A network.</param>
    /// <param name="given">Shape of its first input, where the file does not tell.</param>
    /// <returns>Null where another size than the batch is free.</returns>
    public static ImmutableArray<ImmutableArray<long>>? Shapes(ModelGraph graph, ImmutableArray<long>? given = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var shapes = graph.Inputs.Select((port, index) => Shape(port, index == 0 ? given : null)).ToImmutableArray();
        return shapes.Any(shape => shape is null) ? null : [.. shapes.Select(shape => shape!.Value)];
    }

    /// <summary>Inputs of these shapes, which belong to the caller: a slow wave, or zeros where whole numbers are wanted.</summary>
    /// <param name="graph">A network.</param>
    /// <param name="shapes">A shape for each of its inputs.</param>
    /// <param name="batches">How often each is repeated along its first axis.</param>
    /// <param name="device">Where they are to be.</param>
    public static Inputs Of(ModelGraph graph, ImmutableArray<ImmutableArray<long>> shapes, long batches, Device device)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return Inputs.Named(graph.Inputs.Zip(shapes, (port, shape) => KeyValuePair.Create(port.Name, Made(port, shape, batches).to(device))));
    }

    // A free first size is the batch, which a file may fix whatever is given; any other free size could be anything.
    private static ImmutableArray<long>? Shape(Port port, ImmutableArray<long>? given)
    {
        if (given is { Length: > 0 } known) return port.Shape is [> 0 and var batch, ..] ? known.SetItem(0, batch) : known;
        var shape = port.Shape.Select((size, axis) => size < 0 && axis == 0 ? 1 : size).ToImmutableArray();
        return shape.Any(size => size < 0) || (shape.IsEmpty && port.Type.Length == 0) ? null : shape;
    }

    // Zeros would hide how samples mix, and noise would need a seed.
    private static Tensor Made(Port port, ImmutableArray<long> shape, long batches)
    {
        var one = port.Type.StartsWith("float", StringComparison.Ordinal)
            ? arange(shape.Aggregate(1L, (product, size) => checked(product * size)), float32).mul(0.37).sin().reshape([.. shape])
            : zeros([.. shape], TypeOf(port.Type));
        return batches == 1 || shape.Length == 0 ? one : cat(Enumerable.Repeat(one, (int)batches).ToArray(), 0);
    }

    private static ScalarType TypeOf(string type) => type switch
    {
        "bool" => ScalarType.Bool,
        "uint8" => ScalarType.Byte,
        "int8" => ScalarType.Int8,
        "int16" => ScalarType.Int16,
        "int32" => ScalarType.Int32,
        _ => ScalarType.Int64,
    };
}
