using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ModelInspector.Models.Onnx.Format;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx;

/// <summary>
/// Turns a graph into nodes with kernels: names become slots, functions are put in place, and everything that depends on
/// constants alone is computed here, once.
/// </summary>
internal sealed class GraphCompiler(OnnxFile file, Functions functions, GraphCompiler? outer = null)
{
    private const int MostNodes = 1_000_000;

    private readonly Dictionary<string, int> slotOf = [];
    private readonly Dictionary<string, TensorProto> stored = [];
    private readonly Dictionary<int, Tensor> constants = [];
    private readonly List<Value> values = [];
    private readonly List<CompiledNode> nodes = [];
    private readonly Dictionary<int, int> rounded = [];
    private readonly List<(int Slot, int From)> captures = [];
    private readonly HashSet<TensorProto> owned = outer?.owned ?? [];
    private readonly List<Tensor> adopted = outer?.adopted ?? [];
    private readonly Work work = outer?.work ?? new Work();
    private List<int> captured = [];
    private HashSet<string> toCome = [];

    /// <summary>What the file's graph compiles to.</summary>
    public static CompiledGraph Compile(OnnxFile file)
    {
        var model = file.Model;
        var opsets = Functions.Opsets(model.Opsets);
        var functions = new Functions(file.Name, model.Functions);
        OperatorSet.Check(file.Name, functions, model.Graph, opsets);
        var compiler = new GraphCompiler(file, functions);
        try
        {
            return compiler.Whole(model.Graph, opsets);
        }
        catch
        {
            foreach (var tensor in compiler.constants.Values.Concat(compiler.adopted)) tensor.Dispose();
            throw;
        }
    }

    private CompiledGraph Whole(GraphProto graph, IReadOnlyDictionary<string, long> opsets)
    {
        if (graph.Outputs.IsEmpty) throw new InputException($"{file.Name}: the network declares no output, so there is nothing to compute. Export it again.");
        var given = graph.Initializers.Select(tensor => tensor.Name).ToHashSet();
        var inputs = graph.Inputs.Where(input => !given.Contains(input.Name)).ToImmutableArray();
        var slots = inputs.Select(Entrance).ToImmutableArray();
        Add(graph, opsets);
        var outputs = graph.Outputs.Select(output => Lookup(output.Name, "the graph's outputs")).ToImmutableArray();
        foreach (var (output, slot) in graph.Outputs.Zip(outputs))
            if (values[slot].Kind == ValueKind.List)
                throw new InputException($"{file.Name}: the output `{output.Name}` is a list of tensors. Expected tensors; cut the network before it.");
        DisposeUnused(outputs);
        foreach (var tensor in adopted) constants[NewSlot(new Value(ValueKind.Whole))] = tensor;
        return new(inputs, slots, graph.Outputs, outputs, values.Count, constants, nodes);
    }

    /// <summary>A graph inside a node: what it reads from around it is captured.</summary>
    private Body Inner(GraphProto graph, IReadOnlyDictionary<string, long> opsets)
    {
        var inputs = graph.Inputs.Select(input => Declare(input.Name, new Value(KindOf(input)))).ToImmutableArray();
        Add(graph, opsets);
        var outputs = graph.Outputs.Select(output => Lookup(output.Name, "the outputs of an inner graph")).ToImmutableArray();
        return new(values.Count, inputs, [.. captures], constants, [.. nodes], outputs, [.. outputs.Select(slot => values[slot].Kind)]);
    }

    // Real inputs of other widths than ours are converted before anything else sees them.
    private int Entrance(ValueInfo input)
    {
        if (input.Kind.Length > 0)
            throw new InputException($"{file.Name}: the input `{input.Name}` is a {input.Kind}. Expected a tensor; cut the network after it.");
        if (!input.Type.IsFloat() || input.Type == ElementType.Float32) return Declare(input.Name, new Value(KindOf(input)));
        var slot = NewSlot(new Value(ValueKind.Real));
        var converted = Declare(input.Name, new Value(ValueKind.Real));
        nodes.Add(new(new("Cast", "", "", [], [], []), [slot], [converted], Kernels.Of(x => x.to(ScalarType.Float32)), false, 0, "") { Tell = Reaches.Same });
        return slot;
    }

    private static ValueKind KindOf(ValueInfo value) =>
        value.Kind == "sequence" ? ValueKind.List
        : value.Type.IsFloat() || value.Type == ElementType.Undefined ? ValueKind.Real
        : value.Type == ElementType.Bool ? ValueKind.Truth : ValueKind.Whole;

    private void Add(GraphProto graph, IReadOnlyDictionary<string, long> opsets)
    {
        foreach (var tensor in graph.Initializers) stored[tensor.Name] = tensor;
        var outside = toCome;
        toCome = [.. graph.Nodes.SelectMany(node => node.Outputs)];
        foreach (var node in graph.Nodes) Add(node, opsets, 0);
        toCome = outside;
    }

    private void Add(NodeProto node, IReadOnlyDictionary<string, long> opsets, int depth)
    {
        if (++work.Nodes > MostNodes) throw new InputException($"{file.Name} unfolds to more than {MostNodes:N0} nodes. Export the network again.");
        if (functions.Find(node) is { } function) Inline(function, node, opsets, depth);
        else if (node is { Op: "If", Domain: "" } && Condition(node) is { } condition) Inline(node, condition ? "then_branch" : "else_branch", opsets);
        else AddOperation(node, opsets);
    }

    private void Inline(FunctionProto function, NodeProto call, IReadOnlyDictionary<string, long> opsets, int depth)
    {
        functions.CheckDepth(call, depth);
        var prefix = call.Name.Length > 0 ? call.Name : call.Outputs.FirstOrDefault(call.Op);
        foreach (var node in Functions.Expand(function, call, prefix)) Add(node, Functions.Opsets(function, opsets), depth + 1);
    }

    private bool? Condition(NodeProto node) =>
        node.Inputs.Length > 0 && constants.TryGetValue(Lookup(node.Inputs[0], node.Title), out var known) ? known.Longs().FirstOrDefault() != 0 : null;

    private void Inline(NodeProto node, string branch, IReadOnlyDictionary<string, long> opsets)
    {
        var graph = node.Attribute(branch)?.Graph ?? throw new InputException($"{file.Name}: {node.Title} (If) has no `{branch}`, which it needs.");
        Add(graph, opsets);
        foreach (var (name, output) in node.Outputs.Zip(graph.Outputs)) slotOf[name] = Lookup(output.Name, node.Title);
    }

    private void AddOperation(NodeProto node, IReadOnlyDictionary<string, long> opsets)
    {
        var entry = OperatorSet.Find(node.Domain, node.Op, opsets.GetValueOrDefault(node.Domain, 1))!;
        var inputs = node.Inputs.Select(name => name.Length == 0 ? -1 : Lookup(name, node.Title)).ToImmutableArray();
        var operation = new Operation(node, opsets, this);
        var kernel = Prepared(entry, operation, node);
        ImmutableArray<int> all = [.. inputs, .. operation.Captured];
        if (entry.Foldable && all.All(slot => slot < 0 || constants.ContainsKey(slot))) Fold(node, kernel, all);
        else Keep(node, entry, operation, kernel, all);
    }

    private Kernel Prepared(Operator entry, Operation operation, NodeProto node)
    {
        using var scope = NewDisposeScope();
        var kernel = Guarded(node, () => entry.Prepare(operation));
        return file.Device.type == DeviceType.CPU ? kernel : Kernels.On(file.Device, kernel);
    }

    /// <summary>The file that is compiled.</summary>
    public OnnxFile File => file;

    /// <summary>A value that is known at load; null if it has to be computed.</summary>
    public Tensor? ConstantOf(string name) => constants.GetValueOrDefault(slotOf[name]);

    /// <summary>Kind of a value.</summary>
    public ValueKind KindOf(string name) => values[slotOf[name]].Kind;

    /// <summary>Slot of the real value that a value was rounded from.</summary>
    public int? SourceOf(string name) => rounded.TryGetValue(slotOf[name], out var slot) ? slot : null;

    /// <summary>A graph inside a node.</summary>
    /// <param name="graph">What the file says.</param>
    /// <param name="opsets">Versions of the operator sets.</param>
    /// <param name="reads">Collects the slots of this graph that it reads.</param>
    public Body BodyOf(GraphProto graph, IReadOnlyDictionary<string, long> opsets, List<int> reads)
    {
        var inner = new GraphCompiler(file, functions, this) { captured = reads };
        return inner.Inner(graph, opsets);
    }

    private void Fold(NodeProto node, Kernel kernel, ImmutableArray<int> inputs)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var given = inputs.Select(slot => slot < 0 ? null : (object?)constants[slot]).ToArray();
        var outputs = Guarded(node, () => kernel(given));
        foreach (var (name, output) in node.Outputs.Zip(outputs))
        {
            if (name.Length == 0 || output is null) continue;
            var tensor = output as Tensor
                ?? throw new InputException($"{file.Name}: {node.Title} ({node.Op}) gives a constant list of tensors, which is not supported.");
            var sources = inputs.Where(slot => slot >= 0).SelectMany(slot => values[slot].Sources).ToImmutableHashSet();
            var kind = tensor.is_floating_point() ? ValueKind.Real : tensor.dtype == ScalarType.Bool ? ValueKind.Truth : ValueKind.Whole;
            Hold(Declare(name, new Value(kind, Sources: sources), node), tensor.alias());
        }
    }

    private void Keep(NodeProto node, Operator entry, Operation operation, Kernel kernel, ImmutableArray<int> inputs)
    {
        var fromShape = entry.ReadsShape || inputs.All(slot => !IsComputed(slot) || values[slot].FromShape);
        var outputs = node.Outputs.Select((name, index) => name.Length == 0 ? -1
            : Declare(name, new Value(KindOf(entry, operation, inputs, index), fromShape), node)).ToArray();
        var isLayer = outputs.Length > 0 && IsReal(outputs[0]);
        var further = isLayer ? outputs.Index().Skip(1).Where(output => IsReal(output.Item)).ToList() : [];
        foreach (var (index, slot) in further) outputs[index] = NewSlot(values[slot]);
        if (node.Op == "QuantizeLinear" && outputs.Length > 0) rounded[outputs[0]] = inputs[0];
        var weights = Weights(node, entry, inputs);
        nodes.Add(new(node, inputs, [.. outputs], kernel, isLayer, weights.Where(owned.Add).Sum(Count), weights.FirstOrDefault()?.Name ?? "")
        {
            Tell = Reaches.Of(entry, operation),
        });
        foreach (var (index, slot) in further) nodes.Add(Further(node, index, outputs[index], slot));
    }

    private bool IsReal(int slot) => slot >= 0 && values[slot] is { Kind: ValueKind.Real, FromShape: false };

    // A tap sees one output of a step, so every further one is passed through a step of its own.
    private static CompiledNode Further(NodeProto node, int output, int from, int to) =>
        new(node with { Name = "", Outputs = [node.Outputs[output]] }, [from], [to], inputs => [inputs.At(0)], true, 0, "") { Tell = Reaches.Same };

    private bool IsComputed(int slot) => slot >= 0 && !constants.ContainsKey(slot);

    private ValueKind KindOf(Operator entry, Operation operation, ImmutableArray<int> inputs, int output) =>
        entry.Gives(operation, output) ?? (inputs.FirstOrDefault(-1) is var first and >= 0 ? values[first].Kind : ValueKind.Real);

    private List<TensorProto> Weights(NodeProto node, Operator entry, ImmutableArray<int> inputs) =>
        [.. inputs.Index()
            .Where(input => input.Item >= 0 && !entry.Settings.Contains(input.Index))
            .SelectMany(input => values[input.Item].Sources)
            .Where(tensor => !tensor.Shape.IsEmpty && (tensor.Type.IsFloat() || IsQuantised(node, tensor)))
            .Distinct()];

    private static bool IsQuantised(NodeProto node, TensorProto tensor) =>
        tensor.Type is ElementType.Int8 or ElementType.UInt8 && tensor.Shape.Length > 1
        && (node.Op is "Conv" or "Gemm" or "MatMul" || node.Op.Contains("Linear", StringComparison.Ordinal) || node.Op.Contains("Integer", StringComparison.Ordinal));

    private static long Count(TensorProto tensor) => tensor.Shape.Aggregate(1L, (product, size) => product * size);

    private T Guarded<T>(NodeProto node, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is ExternalException or ArgumentException or InvalidOperationException or InvalidCastException
            or ArithmeticException or IndexOutOfRangeException || (error is InputException && !error.Message.StartsWith(file.Name, StringComparison.Ordinal)))
        {
            var reason = error.Message.Split('\n')[0].TrimEnd('.');
            throw new InputException($"{file.Name}: {node.Title} ({node.Op}) cannot be computed: {reason}. Export the network again.", error);
        }
    }

    private int Lookup(string name, string reader) => Find(name) is var slot and >= 0 ? slot : throw new InputException(
        IsToCome(name)
            ? $"{file.Name}: {reader} reads `{name}` before any node gives it: the nodes are out of order, or form a circle. Export the network again."
            : $"{file.Name}: {reader} reads `{name}`, which no input, weight or node gives. Export the network again.");

    private bool IsToCome(string name) => toCome.Contains(name) || (outer?.IsToCome(name) ?? false);

    private int Find(string name)
    {
        if (slotOf.TryGetValue(name, out var slot)) return slot;
        if (stored.TryGetValue(name, out var tensor)) return Load(name, tensor);
        return outer?.Find(name) is { } around and >= 0 ? Capture(name, around) : -1;
    }

    private int Load(string name, TensorProto tensor)
    {
        var kind = tensor.Type.IsFloat() ? ValueKind.Real : tensor.Type == ElementType.Bool ? ValueKind.Truth : ValueKind.Whole;
        var slot = Declare(name, new Value(kind, Sources: [tensor]));
        Hold(slot, file.Tensor(tensor));
        return slot;
    }

    private int Capture(string name, int around)
    {
        var slot = Declare(name, outer!.values[around]);
        if (outer.constants.TryGetValue(around, out var known)) Hold(slot, known.alias());
        else
        {
            captures.Add((slot, captured.Count));
            captured.Add(around);
        }
        return slot;
    }

    // The outermost graph owns what inner graphs hold: it alone is disposed.
    private void Hold(int slot, Tensor tensor)
    {
        constants[slot] = tensor.DetachFromDisposeScope();
        if (outer is not null) adopted.Add(tensor);
    }

    private int Declare(string name, Value value, NodeProto? by = null)
    {
        var slot = NewSlot(value);
        if (slotOf.TryAdd(name, slot) || by is null) slotOf[name] = slot;
        else throw new InputException($"{file.Name}: {by.Title} gives `{name}`, which is given already. Export the network again.");
        return slot;
    }

    private int NewSlot(Value value)
    {
        values.Add(value);
        return values.Count - 1;
    }

    private void DisposeUnused(ImmutableArray<int> outputs)
    {
        var used = nodes.SelectMany(node => node.Inputs).Concat(outputs).ToHashSet();
        foreach (var slot in constants.Keys.Where(slot => !used.Contains(slot)).ToList())
        {
            constants[slot].Dispose();
            constants.Remove(slot);
        }
    }

    /// <summary>What is known of a slot at load.</summary>
    private sealed record Value(ValueKind Kind, bool FromShape = false, ImmutableHashSet<TensorProto>? Sources = null)
    {
        public ImmutableHashSet<TensorProto> Sources { get; } = Sources ?? [];
    }

    /// <summary>How much one file has asked for: functions that call functions can multiply.</summary>
    private sealed class Work
    {
        public int Nodes { get; set; }
    }
}
