namespace ModelInspector.Models.Onnx.Operators;

/// <summary>How one axis is resized.</summary>
/// <param name="Axis">Which one.</param>
/// <param name="Input">Size before.</param>
/// <param name="Output">Size after.</param>
/// <param name="Scale">Wanted ratio, from which the size is rounded.</param>
/// <param name="Start">Begin of the region that is cut out, as a part of the axis.</param>
/// <param name="End">Its end.</param>
internal sealed record AxisPlan(int Axis, long Input, long Output, double Scale, double Start, double End);
