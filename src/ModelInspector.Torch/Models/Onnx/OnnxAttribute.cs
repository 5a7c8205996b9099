using System.Runtime.InteropServices;
using ModelInspector.Models.Onnx.Format;

namespace ModelInspector.Models.Onnx;

/// <summary>A setting of a node that <see cref="OnnxBuilder"/> writes: a pair of name and value converts to it.</summary>
public sealed class OnnxAttribute
{
    private OnnxAttribute(AttributeProto proto) => Proto = proto;

    internal AttributeProto Proto { get; }

    /// <summary>A whole number.</summary>
    public static implicit operator OnnxAttribute((string Name, long Value) pair) => Of(pair.Name, pair.Value);

    /// <summary>A real number.</summary>
    public static implicit operator OnnxAttribute((string Name, float Value) pair) => Of(pair.Name, pair.Value);

    /// <summary>A text.</summary>
    public static implicit operator OnnxAttribute((string Name, string Value) pair) => Of(pair.Name, pair.Value);

    /// <summary>Whole numbers.</summary>
    public static implicit operator OnnxAttribute((string Name, long[] Values) pair) => Of(pair.Name, pair.Values);

    /// <summary>Real numbers.</summary>
    public static implicit operator OnnxAttribute((string Name, float[] Values) pair) => Of(pair.Name, pair.Values);

    /// <summary>A sub-graph.</summary>
    public static implicit operator OnnxAttribute((string Name, OnnxBuilder Graph) pair) => Of(pair.Name, pair.Graph);

    /// <summary>A whole number.</summary>
    public static OnnxAttribute Of(string name, long value) => new(new(name) { Type = AttributeType.Int, Int = value });

    /// <summary>A real number.</summary>
    public static OnnxAttribute Of(string name, float value) => new(new(name) { Type = AttributeType.Float, Float = value });

    /// <summary>A text.</summary>
    public static OnnxAttribute Of(string name, string value) => new(new(name) { Type = AttributeType.String, Text = value });

    /// <summary>Whole numbers.</summary>
    public static OnnxAttribute Of(string name, long[] values) => new(new(name) { Type = AttributeType.Ints, Ints = [.. values] });

    /// <summary>Real numbers.</summary>
    public static OnnxAttribute Of(string name, float[] values) => new(new(name) { Type = AttributeType.Floats, Floats = [.. values] });

    /// <summary>A tensor of real numbers.</summary>
    public static OnnxAttribute Of(string name, ReadOnlySpan<long> shape, ReadOnlySpan<float> values) =>
        Of(name, ElementType.Float32, shape, MemoryMarshal.AsBytes(values));

    /// <summary>A tensor of whole numbers.</summary>
    public static OnnxAttribute Of(string name, ReadOnlySpan<long> shape, ReadOnlySpan<long> values) =>
        Of(name, ElementType.Int64, shape, MemoryMarshal.AsBytes(values));

    /// <summary>A sub-graph.</summary>
    public static OnnxAttribute Of(string name, OnnxBuilder graph) => new(new(name) { Type = AttributeType.Graph, Graph = graph.Graph });

    private static OnnxAttribute Of(string name, ElementType type, ReadOnlySpan<long> shape, ReadOnlySpan<byte> values) =>
        new(new(name) { Type = AttributeType.Tensor, Tensor = new("", type, [.. shape], new TensorData.Inline(values.ToArray())) });
}
