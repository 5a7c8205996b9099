namespace ModelInspector.Models.Onnx.Format;

/// <summary>Which version of a set of operators a file was written for; the empty domain is ONNX's own.</summary>
internal sealed record OpsetId(string Domain, long Version);
