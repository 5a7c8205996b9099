using System.Collections.Immutable;

namespace ModelInspector.Models.Onnx.Format;

/// <summary>A tensor in a file: its values are not read before they are asked for.</summary>
internal sealed record TensorProto(string Name, ElementType Type, ImmutableArray<long> Shape, TensorData Data);

/// <summary>Where a tensor's values are.</summary>
internal abstract record TensorData
{
    /// <summary>Little-endian elements in memory.</summary>
    public sealed record Inline(ReadOnlyMemory<byte> Bytes) : TensorData;

    /// <summary>Little-endian elements in the model file, stretch after stretch.</summary>
    public sealed record InFile(ImmutableArray<ByteRange> Ranges) : TensorData;

    /// <summary>Little-endian elements in another file; a length of -1 means all that is left.</summary>
    public sealed record External(string Location, ByteRange Range) : TensorData;

    /// <summary>Texts, which no network that we run computes with.</summary>
    public sealed record Texts : TensorData;
}
