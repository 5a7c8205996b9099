using System.Collections.Immutable;

namespace ModelInspector.Models.Onnx.Format;

/// <summary>A named setting of a node. Only the field that its type names is set.</summary>
internal sealed record AttributeProto(string Name)
{
    public long Int { get; init; }

    public float Float { get; init; }

    public string? Text { get; init; }

    public ImmutableArray<long> Ints { get; init; } = [];

    public ImmutableArray<float> Floats { get; init; } = [];

    public ImmutableArray<string> Texts { get; init; } = [];

    public TensorProto? Tensor { get; init; }

    public GraphProto? Graph { get; init; }

    /// <summary>Whether it holds a sparse tensor, which is not supported.</summary>
    public bool IsSparse { get; init; }

    /// <summary>Inside a function: the attribute of the calling node that gives the value.</summary>
    public string Refers { get; init; } = "";

    public AttributeType Type { get; init; }
}
