namespace ModelInspector.Models;

/// <summary>Which operations are convolutions, in the words of every format.</summary>
internal static class Convolutions
{
    private static readonly HashSet<string> Known = [.. Straight.Concat(Transposed)];

    /// <summary>Those that may only gather: ONNX, TorchScript (whose two general ones may be of either kind), TorchSharp.</summary>
    public static IEnumerable<string> Straight => ["Conv", "aten::conv1d", "aten::conv2d", "aten::conv3d", "aten::_convolution", "aten::convolution", "Conv1d", "Conv2d", "Conv3d"];

    /// <summary>Those that spread.</summary>
    public static IEnumerable<string> Transposed =>
        ["ConvTranspose", "aten::conv_transpose1d", "aten::conv_transpose2d", "aten::conv_transpose3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"];

    /// <summary>Whether an operation is one, of either kind.</summary>
    public static bool Have(string op) => Known.Contains(op);
}
