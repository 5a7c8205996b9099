namespace ModelInspector.Models.Onnx;

/// <summary>Operators that belong together. Adding an operator is adding a line to a family; adding a family is adding its file.</summary>
internal interface IOperatorFamily
{
    /// <summary>What it can run.</summary>
    IEnumerable<Operator> Operators { get; }
}
