using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.TorchScript;

/// <summary>
/// Turns a file's modules and graphs into one sequence of steps: calls are followed into their modules, what is known is computed now,
/// branches and loops that depend on nothing unknown disappear.
/// </summary>
internal sealed class ScriptCompiler
{
    private const int MostNested = 200;

    private readonly ScriptFile file;
    private readonly ScriptMemory memory;
    private readonly ScriptOperators operators;
    private readonly ScriptBranches branches;
    private readonly Dictionary<(int Module, string Name), Cell> attributes = [];
    private readonly Dictionary<int, Symbol> constants = [];
    private readonly HashSet<string> modulePaths;
    private readonly HashSet<string> called = [];
    private int nested;

    internal ScriptCompiler(ScriptFile file)
    {
        this.file = file;
        modulePaths = file.Plan.Paths();
        Tape = new ScriptTape(file);
        memory = new ScriptMemory(file, Tape);
        operators = new ScriptOperators(file, Tape, memory);
        branches = new ScriptBranches(Tape, memory, operators, Body);
    }

    internal ScriptTape Tape { get; }

    /// <summary>Every module call, in order.</summary>
    internal List<ScriptCall> Calls { get; } = [];

    /// <summary>Compiles the network on inputs that will be in slots.</summary>
    /// <returns>What it returns.</returns>
    internal Symbol Compile(ImmutableArray<Symbol> inputs)
    {
        Tape.Scope = new ScriptCall(file.Plan.Root, "", null);
        Calls.Add(Tape.Scope);
        Cell[] arguments = [new(new Instance(file.Plan.Root, "")), .. inputs.Select(input => new Cell(input))];
        return memory.Snapshot(Invoke(file.Plan.Main, arguments)[0]);
    }

    private Cell[] Invoke(string function, Cell[] arguments)
    {
        if (++nested > MostNested) throw new InputException($"The network calls itself more than {MostNested} times over. Expected a network without recursion.");
        var graph = file.Plan.Graphs[function];
        var values = new Dictionary<int, Cell>();
        foreach (var (input, argument) in graph.Inputs.Zip(arguments)) values[input.Id] = argument;
        var results = Body(graph, values);
        nested--;
        return results;
    }

    private Cell[] Body(ScriptBlock block, Dictionary<int, Cell> values)
    {
        foreach (var node in block.Nodes)
        {
            Cell[] inputs = [.. node.Inputs.Select(input => values[input])];
            foreach (var (output, cell) in node.Outputs.Zip(Do(node, inputs, values))) values[output.Id] = cell;
        }
        return [.. block.Returns.Select(result => values[result])];
    }

    private Cell[] Do(ScriptNode node, Cell[] inputs, Dictionary<int, Cell> values) => node.Kind switch
    {
        "prim::Constant" => [new Cell(Constant(node))],
        "prim::GetAttr" => [Attribute(node, inputs[0])],
        "prim::CallMethod" => CallMethod(node, inputs),
        "prim::CallFunction" => Invoke(((Callable)inputs[0].Value).Function, inputs[1..]),
        "prim::If" => branches.If(node, inputs[0], values),
        "prim::Loop" => branches.Loop(node, inputs, values),
        _ => operators.Do(node, inputs),
    };

    private Symbol Constant(ScriptNode node)
    {
        if (node.Function is { } function) return new Callable(function);
        return node.Constant is { } index ? Constant(index, node.Place) : throw ScriptOperators.Unsupported(node, "a constant of a kind that has no value");
    }

    private Symbol Constant(int index, string place)
    {
        if (constants.TryGetValue(index, out var known)) return known;
        var value = file.Kept(file.Constant(index));
        return constants[index] = value is ScriptOther other
            ? throw new InputException($"The network holds a {other.Kind} ({place}). Expected tensors, numbers, texts, lists, tuples and dicts; export it by tracing.")
            : new Literal(value);
    }

    private Cell Attribute(ScriptNode node, Cell owner)
    {
        if (owner.Value is not Instance instance || !file.Plan.Modules[instance.Module].Attributes.TryGetValue(node.Attribute, out var attribute))
            throw ScriptOperators.Unsupported(node, "an attribute of something that is no module");
        if (attribute.Module is { } child) return new Cell(new Instance(child, Joined(instance.Path, node.Attribute)));
        var key = (instance.Module, node.Attribute);
        return attributes.TryGetValue(key, out var cell) ? cell : attributes[key] = new Cell(Attribute(attribute, node));
    }

    private Symbol Attribute(ScriptAttribute attribute, ScriptNode node) => Constant(attribute.Constant, node.Place) is Literal { Value: Tensor tensor }
        ? Tape.Constant(tensor, attribute.IsParameter)
        : Constant(attribute.Constant, node.Place);

    private Cell[] CallMethod(ScriptNode node, Cell[] inputs)
    {
        if (inputs[0].Value is not Instance instance || node.Function is not { } function) throw ScriptOperators.Unsupported(node, "a call on something that is no module");
        if (instance.Module == Tape.Scope.Module && node.Attribute != "forward") return Invoke(function, inputs);
        var caller = Tape.Scope;
        Tape.Scope = new ScriptCall(instance.Module, Numbered(instance.Path), caller);
        Calls.Add(Tape.Scope);
        var results = Invoke(function, [new Cell(instance with { Path = Tape.Scope.Path }), .. inputs[1..]]);
        Tape.Scope.Result = FirstSlot(memory.Snapshot(results[0]));
        Tape.Scope = caller;
        return results;
    }

    /// <summary>The path, numbered when the module was called before.</summary>
    private string Numbered(string path)
    {
        if (called.Add(path)) return path;
        return Enumerable.Range(1, int.MaxValue - 1).Select(number => $"{path}_{number}").First(name => !modulePaths.Contains(name) && called.Add(name));
    }

    private static int FirstSlot(Symbol symbol) => symbol switch
    {
        Slot slot => slot.Index,
        Items { IsDict: false } items => items.Members.Select(member => FirstSlot(member.Value)).FirstOrDefault(slot => slot >= 0, -1),
        Items items => items.Members.Where((_, index) => index % 2 == 1).Select(member => FirstSlot(member.Value)).FirstOrDefault(slot => slot >= 0, -1),
        _ => -1,
    };

    private static string Joined(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

}
