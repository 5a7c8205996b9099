using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ModelInspector.Models.Onnx.Format;

namespace ModelInspector.Models.Onnx;

/// <summary>
/// Writes ONNX files: name the inputs, add weights and nodes, name the outputs, save.
/// <code>
/// var net = new OnnxBuilder("tiny");
/// var x = net.Input("image", [-1, 1, 8, 8]);
/// var y = net.Node("Conv", [x, net.Weight("conv.weight", [2, 1, 3, 3], values)], ("pads", new long[] { 1, 1, 1, 1 }));
/// net.Output(y, "scores").Save("tiny.onnx");
/// </code>
/// </summary>
/// <param name="name">Name of the graph.</param>
/// <param name="opset">Version of ONNX's operators that the nodes are written for.</param>
public sealed class OnnxBuilder(string name = "network", int opset = 17)
{
    private readonly List<ValueInfo> inputs = [];
    private readonly List<ValueInfo> outputs = [];
    private readonly List<TensorProto> weights = [];
    private readonly List<NodeProto> nodes = [];
    private readonly List<FunctionProto> functions = [];
    private readonly Dictionary<string, long> domains = new() { [""] = opset };
    private int count;

    /// <summary>Declares an input; returns its name.</summary>
    /// <param name="input">Its name.</param>
    /// <param name="shape">Its sizes; -1 where any will do.</param>
    /// <param name="type">Element type in ONNX's words: <c>float32</c>, <c>float16</c>, <c>int64</c> …</param>
    public string Input(string input, ReadOnlySpan<long> shape, string type = "float32")
    {
        inputs.Add(new(input, TypeOf(type), [.. shape]));
        return input;
    }

    /// <summary>Names a value as an output of the network.</summary>
    /// <param name="value">The value; it is renamed by an Identity if <paramref name="output"/> is another name.</param>
    /// <param name="output">The output's name; null for the value's own.</param>
    /// <param name="shape">Its sizes, -1 where they are free; null to leave them open.</param>
    /// <param name="type">Element type.</param>
    public OnnxBuilder Output(string value, string? output = null, long[]? shape = null, string type = "float32")
    {
        if (output is not null && output != value) Node("Identity", [value], [output]);
        outputs.Add(new(output ?? value, TypeOf(type), shape is null ? null : [.. shape]));
        return this;
    }

    /// <summary>Adds real weights; returns their name.</summary>
    public string Weight(string weight, ReadOnlySpan<long> shape, ReadOnlySpan<float> values) =>
        Add(weight, ElementType.Float32, shape, MemoryMarshal.AsBytes(values));

    /// <summary>Adds real weights with half precision; returns their name.</summary>
    public string Weight(string weight, ReadOnlySpan<long> shape, ReadOnlySpan<Half> values) =>
        Add(weight, ElementType.Float16, shape, MemoryMarshal.AsBytes(values));

    /// <summary>Adds whole numbers: a shape, axes, indices; returns their name.</summary>
    public string Weight(string weight, ReadOnlySpan<long> shape, ReadOnlySpan<long> values) =>
        Add(weight, ElementType.Int64, shape, MemoryMarshal.AsBytes(values));

    /// <summary>Adds a node with one output; returns the output's name.</summary>
    /// <param name="op">Operator: <c>Conv</c>.</param>
    /// <param name="from">Names of its inputs; empty for an absent optional one.</param>
    /// <param name="attributes">Its settings.</param>
    public string Node(string op, ReadOnlySpan<string> from, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        var output = $"{op.ToLowerInvariant()}_{count++}";
        Node(op, from, [output], attributes: attributes);
        return output;
    }

    /// <summary>Adds a node.</summary>
    /// <param name="op">Operator.</param>
    /// <param name="from">Names of its inputs.</param>
    /// <param name="to">Names of its outputs.</param>
    /// <param name="node">Its name: <c>/layer1/conv1/Conv</c> makes it the layer <c>layer1.conv1</c>.</param>
    /// <param name="domain">Set of operators that it belongs to.</param>
    /// <param name="attributes">Its settings.</param>
    public OnnxBuilder Node(
        string op,
        ReadOnlySpan<string> from,
        ReadOnlySpan<string> to,
        string node = "",
        string domain = "",
        params ReadOnlySpan<OnnxAttribute> attributes)
    {
        domains.TryAdd(domain, 1);
        nodes.Add(new(op, domain, node, [.. from], [.. to], [.. attributes.ToArray().Select(attribute => attribute.Proto)]));
        return this;
    }

    /// <summary>Defines an operator by another builder's nodes: its inputs and outputs are the operator's.</summary>
    public OnnxBuilder Function(string op, string domain, OnnxBuilder body)
    {
        domains.TryAdd(domain, 1);
        functions.Add(new(op, domain, [.. body.inputs.Select(input => input.Name)], [.. body.outputs.Select(output => output.Name)], [], [.. body.nodes],
            [.. body.domains.Select(entry => new OpsetId(entry.Key, entry.Value))]));
        return this;
    }

    /// <summary>The file's bytes.</summary>
    public byte[] ToArray() => OnnxWriter.Write(new ModelProto(8, "ModelInspector",
        [.. domains.Select(entry => new OpsetId(entry.Key, entry.Value))], Graph, [.. functions])).Written.ToArray();

    /// <summary>Writes the file.</summary>
    public void Save(string path) => File.WriteAllBytes(path, ToArray());

    internal GraphProto Graph => new(name, [.. nodes], [.. weights], [.. inputs], [.. outputs]);

    private string Add(string weight, ElementType type, ReadOnlySpan<long> shape, ReadOnlySpan<byte> values)
    {
        weights.Add(new(weight, type, [.. shape], new TensorData.Inline(values.ToArray())));
        return weight;
    }

    private static ElementType TypeOf(string type) => Enum.TryParse<ElementType>(type, ignoreCase: true, out var known) ? known
        : throw new ArgumentException($"`{type}` is no element type.", nameof(type));
}
