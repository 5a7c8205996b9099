using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx;

/// <summary>Writes a network whose nodes mostly follow each other: each takes what the one before gave. Nodes are named by module path, as PyTorch's exporter does.</summary>
/// <param name="file">Where nodes and weights go.</param>
/// <param name="input">Name of the value that the first node takes.</param>
internal sealed class OnnxChain(OnnxBuilder file, string input)
{
    /// <summary>Name of what the last node gave.</summary>
    public string Value { get; private set; } = input;

    /// <summary>Adds a node.</summary>
    /// <param name="op">Operator.</param>
    /// <param name="node">Its module's path with slashes.</param>
    /// <param name="further">Inputs after the first.</param>
    /// <param name="attributes">Its settings.</param>
    public void Append(string op, string node, string[] further, params ReadOnlySpan<OnnxAttribute> attributes) =>
        Append(op, node, $"{node}/{op}_output_0", further, attributes);

    /// <summary>Adds a 3 × 3 convolution that keeps the size.</summary>
    public void Convolution(string path, string node, Tensor weight) => Append(
        "Conv", node, Weights(path, ("weight", weight)), ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 1, 1 }));

    /// <summary>Adds a batch normalisation as a node of its own.</summary>
    public void Normalisation(string path, string node, TorchSharp.Modules.BatchNorm2d norm) => Append(
        "BatchNormalization", node, Weights(path, ("weight", norm.weight), ("bias", norm.bias), ("running_mean", norm.running_mean), ("running_var", norm.running_var)), ("epsilon", (float)norm.eps));

    /// <summary>Adds a pooling over windows that touch.</summary>
    public void Pooling(string op, string node, long side) =>
        Append(op, node, [], ("kernel_shape", new long[] { side, side }), ("strides", new long[] { side, side }));

    /// <summary>Flattens, adds the linear layer <c>classifier</c>, and declares the scores.</summary>
    public void Classifier(TorchSharp.Modules.Linear linear, long classes)
    {
        Append("Flatten", "/flatten", [], ("axis", 1L));
        Append("Gemm", "/classifier", "logits", Weights("classifier", ("weight", linear.weight), ("bias", linear.bias)), ("transB", 1L));
        file.Output(Value, "logits", [-1, classes]);
    }

    private void Append(string op, string node, string output, string[] further, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        file.Node(op, [Value, .. further], [output], $"{node}/{op}", attributes: attributes);
        Value = output;
    }

    private string[] Weights(string path, params ReadOnlySpan<(string Name, Tensor? Values)> tensors)
    {
        var names = new List<string>();
        foreach (var (name, values) in tensors)
        {
            using var plain = values!.detach().contiguous();
            names.Add(file.Weight($"{path}.{name}", plain.shape, plain.data<float>().ToArray()));
        }
        return [.. names];
    }
}
