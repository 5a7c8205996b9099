namespace ModelInspector.Models.Onnx.Format;

/// <summary>How a protobuf field is laid out in the file.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
