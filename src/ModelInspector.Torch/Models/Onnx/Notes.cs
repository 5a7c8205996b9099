using System.Collections.Immutable;
using System.Text.RegularExpressions;
using ModelInspector.Models.Onnx.Format;

namespace ModelInspector.Models.Onnx;

/// <summary>What a reader should know of how a file was read.</summary>
internal static partial class Notes
{
    public static ImmutableArray<string> Of(OnnxFile file, CompiledGraph graph)
    {
        var layers = graph.Nodes.Where(node => node.IsLayer).ToList();
        return [.. Width(file).Concat(Rewritten(layers)).Concat(Quantised(layers)).Concat(Training(layers)).Concat(Opaque(layers))];
    }

    private static IEnumerable<string> Width(OnnxFile file) =>
        file.Types.Where(type => type.IsFloat() && type != ElementType.Float32).Order()
            .Select(type => $"Some weights are {type.Text()}; everything is computed as float32.");

    // PyTorch's exporter renames a weight when it has computed it anew, which it does when it fuses a batch norm into it.
    private static IEnumerable<string> Rewritten(List<CompiledNode> layers)
    {
        var convolutions = layers.Where(node => node.Node.Op is "Conv" or "ConvTranspose").ToList();
        var rewritten = convolutions.Count(node => Renamed().IsMatch(node.WeightName));
        if (rewritten > 0)
            yield return $"The exporter computed the weights of {rewritten} of {convolutions.Count} convolutions anew, "
                + "as it does when it fuses the batch normalisation behind them; such a normalisation is no layer of its own.";
    }

    private static IEnumerable<string> Quantised(List<CompiledNode> layers)
    {
        if (layers.Any(node => node.Node.Op is "DequantizeLinear" || node.Node.Op.StartsWith("QLinear", StringComparison.Ordinal)))
            yield return "The network is quantised; its integers are turned back into real numbers for computing.";
    }

    private static IEnumerable<string> Training(List<CompiledNode> layers)
    {
        // What carries a further output on has one input.
        var norms = layers.Where(node => node.Node.Op == "BatchNormalization" && node.Inputs.Length > 1).ToList();
        var training = norms.Count(node => node.Node.Attribute("training_mode")?.Int == 1);
        if (training > 0)
            yield return $"Mean and variance of {training} of {norms.Count} batch normalisations are those of the batch at hand (training_mode = 1), "
                + "so that what the network says of one sample depends on the others beside it. Export it again after model.eval().";
    }

    private static IEnumerable<string> Opaque(List<CompiledNode> layers)
    {
        var names = layers.Select(node => node.Node.Op).Where(op => op is "If" or "Loop" or "Scan").Distinct().ToList();
        if (names.Count > 0) yield return $"What is inside of {string.Join(", ", names)} is run as one layer each.";
    }

    [GeneratedRegex(@"^onnx::Conv\w*_\d+$")]
    private static partial Regex Renamed();
}
