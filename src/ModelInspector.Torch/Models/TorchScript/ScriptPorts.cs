using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.TorchScript;

/// <summary>What a network takes and gives, as named tensors.</summary>
internal static class ScriptPorts
{
    /// <summary>One value for each argument of the network: a slot behind a port for a tensor, the default where it has one, none for an optional one.</summary>
    internal static ImmutableArray<(Port? Port, Symbol Value)> Inputs(ScriptFile file, ScriptTape tape, ImmutableArray<long>? shape) =>
        [.. file.Plan.Graphs[file.Plan.Main].Inputs.Skip(1).Select((input, index) => Input(file, input, tape, index == 0 ? shape ?? [] : [], file.Plan.Defaults.ElementAtOrDefault(index + 1)))];

    /// <summary>The tensors in what the network returns: one is <c>output</c>, those of a tuple are numbered, those of a dict have its keys.</summary>
    internal static ImmutableArray<(Port Port, int Slot)> Outputs(ScriptTape tape, Symbol returned)
    {
        var outputs = Flat("output", returned)
            .Select(output => (new Port(output.Name, [], "float32"), Tensor(tape, output.Symbol, output.Name)))
            .ToImmutableArray();
        return outputs.IsEmpty ? throw new InputException("The network returns no tensor. Expected a tensor, or a tuple, list or dict of tensors.") : outputs;
    }

    private static (Port? Port, Symbol Value) Input(ScriptFile file, ScriptName input, ScriptTape tape, ImmutableArray<long> shape, int? otherwise) => input.Type switch
    {
        "Tensor" => (new Port(Plain(input.Name), shape, "float32"), new Slot(tape.NewSlot())),
        _ when otherwise is { } constant => (null, new Literal(file.Kept(file.Constant(constant)))),
        _ when input.Type.EndsWith('?') || input.Type.StartsWith("Optional[", StringComparison.Ordinal) => (null, new Literal(null)),
        _ => throw new InputException($"The network's input `{Plain(input.Name)}` is of type {input.Type}. Expected tensors only; wrap the network in a module whose forward takes tensors."),
    };

    /// <summary>Inputs are called <c>x.1</c> in a graph and <c>x</c> in its source.</summary>
    private static string Plain(string name) => name.Split('.')[0];

    private static IEnumerable<(string Name, Symbol Symbol)> Flat(string name, Symbol symbol) => symbol switch
    {
        Items { IsDict: true } items => items.Members.Chunk(2).SelectMany(pair => Flat(((pair[0].Value as Literal)?.Value as string) ?? name, pair[1].Value)),
        Items items => items.Members.SelectMany((member, index) => Flat($"{name}_{index}", member.Value)),
        Literal { Value: not TorchSharp.torch.Tensor } => [],
        Later later when later.Output >= later.Work.Node.Outputs.Length || !later.Work.Node.Outputs[later.Output].HoldsTensors => [],
        _ => [(name, symbol)],
    };

    private static int Tensor(ScriptTape tape, Symbol symbol, string name) => tape.Do(null, [symbol], 1, inputs => inputs[0] is Tensor tensor
        ? [tensor.alias()]
        : throw new InputException($"The network's {name} is no tensor but a list of unknown length or nothing. Expected a tensor, or a tuple, list or dict of tensors."))[0].Index;
}
