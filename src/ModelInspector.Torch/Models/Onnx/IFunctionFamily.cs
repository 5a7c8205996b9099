using ModelInspector.Models.Onnx.Format;

namespace ModelInspector.Models.Onnx;

/// <summary>Operators that are defined by simpler ones, as a file may define its own.</summary>
internal interface IFunctionFamily
{
    /// <summary>The definitions.</summary>
    IEnumerable<FunctionProto> Functions { get; }
}
