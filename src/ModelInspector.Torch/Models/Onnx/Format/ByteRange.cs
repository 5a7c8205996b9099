namespace ModelInspector.Models.Onnx.Format;

/// <summary>A stretch of a file.</summary>
internal readonly record struct ByteRange(long Offset, long Length);
