using ModelInspector.Models.Onnx.Format;
using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx;

/// <summary>A node as its operator sees it when it prepares the kernel: attributes, version, and the inputs that are constants.</summary>
/// <param name="node">What the file says.</param>
/// <param name="opsets">Versions of all operator sets where the node stands.</param>
/// <param name="graph">What is known of the graph around it.</param>
internal sealed class Operation(NodeProto node, IReadOnlyDictionary<string, long> opsets, GraphCompiler graph)
{
    private readonly Dictionary<string, Body> bodies = [];
    private readonly List<int> captured = [];

    /// <summary>Version of the operator set.</summary>
    public long Version { get; } = opsets.GetValueOrDefault(node.Domain, 1);

    public string Op => node.Op;

    public int Inputs => node.Inputs.Length;

    public int Outputs => node.Outputs.Length;

    /// <summary>Whether an optional input is given.</summary>
    public bool Has(int input) => input < node.Inputs.Length && node.Inputs[input].Length > 0;

    /// <summary>Whether somebody reads an optional output.</summary>
    public bool Wants(int output) => output < node.Outputs.Length && node.Outputs[output].Length > 0;

    public bool Has(string attribute) => node.Attribute(attribute) is not null;

    public long Int(string name, long otherwise) => node.Attribute(name)?.Int ?? otherwise;

    public bool Flag(string name, bool otherwise = false) => Int(name, otherwise ? 1 : 0) != 0;

    public float Float(string name, float otherwise) => node.Attribute(name)?.Float ?? otherwise;

    public string Text(string name, string otherwise) => node.Attribute(name)?.Text ?? otherwise;

    public long[]? Ints(string name) => node.Attribute(name) is { } given ? [.. given.Ints] : null;

    public float[]? Floats(string name) => node.Attribute(name) is { } given ? [.. given.Floats] : null;

    public string[]? Texts(string name) => node.Attribute(name) is { } given ? [.. given.Texts] : null;

    public long[] RequiredInts(string name) => Ints(name) ?? throw Lacks(name);

    public long RequiredInt(string name) => node.Attribute(name)?.Int ?? throw Lacks(name);

    /// <summary>The tensor an attribute holds, read from the file; null if there is none.</summary>
    public Tensor? Tensor(string name) => node.Attribute(name)?.Tensor is { } tensor ? graph.File.Tensor(tensor) : null;

    /// <summary>Element type that an attribute names.</summary>
    public ElementType? Type(string name) => node.Attribute(name) is { } given ? (ElementType)given.Int : null;

    /// <summary>Element type of the tensor that an attribute holds.</summary>
    public ElementType? TypeOfTensor(string name) => node.Attribute(name)?.Tensor?.Type;

    /// <summary>An input that is known at load; null if it has to be computed, or is absent.</summary>
    public Tensor? Constant(int input) => Has(input) ? graph.ConstantOf(node.Inputs[input]) : null;

    /// <summary>Kind of an input.</summary>
    public ValueKind? KindOf(int input) => Has(input) ? graph.KindOf(node.Inputs[input]) : null;

    /// <summary>The whole numbers of an input that is known at load.</summary>
    public long[]? ConstantLongs(int input) => Constant(input)?.Longs();

    /// <summary>Whole numbers given by an attribute in older versions, by an input in newer ones; null if by neither.</summary>
    public Func<Tensor?, long[]?> Longs(string attribute, int input)
    {
        var known = Ints(attribute) ?? ConstantLongs(input);
        return known is not null || !Has(input) ? _ => known : given => given?.Longs();
    }

    /// <summary>A sub-graph, ready to run.</summary>
    public Body Body(string name)
    {
        if (!bodies.TryGetValue(name, out var body)) bodies[name] = body = graph.BodyOf(node.Attribute(name)?.Graph ?? throw Lacks(name), opsets, captured);
        return body;
    }

    /// <summary>Slots of the surrounding graph that its sub-graphs read; the kernel is given them after the node's own inputs.</summary>
    public IReadOnlyList<int> Captured => captured;

    /// <summary>Has the kernel be given, as its last input, the real value that an input was rounded from; false if there is none.</summary>
    public bool CaptureSource(int input)
    {
        if (!Has(input) || graph.SourceOf(node.Inputs[input]) is not { } slot) return false;
        captured.Add(slot);
        return true;
    }

    /// <summary>An error about this node.</summary>
    public InputException Refused(string what) => new($"{graph.File.Name}: {node.Title} ({node.Op}, opset {Version}) {what}.");

    private InputException Lacks(string attribute) => Refused($"has no attribute `{attribute}`, which it needs");
}
