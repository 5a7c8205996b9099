using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.TorchScript;

/// <summary>
/// Control flow in a sequence without jumps. A condition that is known picks its branch; otherwise the steps of both branches are there,
/// each running only when its branch is taken. Loops are unrolled.
/// </summary>
internal sealed class ScriptBranches(ScriptTape tape, ScriptMemory memory, ScriptOperators operators, Func<ScriptBlock, Dictionary<int, Cell>, Cell[]> body)
{
    private const int MostRounds = 10_000;

    internal Cell[] If(ScriptNode node, Cell condition, Dictionary<int, Cell> values)
    {
        if (memory.Read(condition) is Literal { Value: bool known }) return body(node.Blocks[known ? 0 : 1], values);
        var slot = Condition(memory.Read(condition)).Index;
        if (Refuses(node.Blocks[0])) return Checked(node, slot, refusing: 0, values);
        return Refuses(node.Blocks[1]) ? Checked(node, slot, refusing: 1, values) : Merged(node, slot, values);
    }

    /// <summary>Unrolls the loop, or runs it as one step when its rounds depend on the input.</summary>
    internal Cell[] Loop(ScriptNode node, Cell[] inputs, Dictionary<int, Cell> values)
    {
        if (memory.Read(inputs[0]) is not Literal { Value: long rounds } || memory.Read(inputs[1]) is not Literal { Value: bool starts }
            || !EndsByCount(node) && IsClosed(node.Blocks[0]))
            return AsOne(node, inputs, values);
        var carried = inputs[2..];
        var goesOn = starts;
        for (var round = 0L; round < rounds && goesOn; round++)
        {
            if (round == MostRounds) throw ScriptOperators.Unsupported(node, $"a loop of more than {MostRounds:#,0} rounds");
            values[node.Blocks[0].Inputs[0].Id] = new Cell(new Literal(round));
            foreach (var (input, cell) in node.Blocks[0].Inputs.Skip(1).Zip(carried)) values[input.Id] = cell;
            var results = body(node.Blocks[0], values);
            goesOn = memory.Read(results[0]) is Literal { Value: bool known } ? known : throw DependsOnInput(node);
            carried = results[1..];
        }
        return carried;
    }

    /// <summary>Whether the loop's condition is settled before it begins: otherwise unrolling may have to stop halfway.</summary>
    private static bool EndsByCount(ScriptNode node)
    {
        var goesOn = node.Blocks[0].Returns[0];
        return !node.Blocks[0].Nodes.Any(inner => inner.Kind != "prim::Constant" && inner.Outputs.Any(output => output.Id == goesOn));
    }

    private Cell[] AsOne(ScriptNode node, Cell[] inputs, Dictionary<int, Cell> values)
    {
        if (node.Step is null || !IsClosed(node.Blocks[0])) throw DependsOnInput(node);
        return operators.Operate(node, [.. inputs, .. node.FromOutside.Select(value => values[value.Id])]);
    }

    /// <summary>Whether a body only computes: no modules, no calls, no writes into tensors.</summary>
    private static bool IsClosed(ScriptBlock block)
    {
        foreach (var node in block.Nodes)
        {
            ScriptOperators.Refuse(node);
            if (node.Kind is "prim::CallMethod" or "prim::CallFunction" or "prim::GetAttr" || node.Writes.Length > 0 || !node.Blocks.All(IsClosed)) return false;
        }
        return true;
    }

    private static InputException DependsOnInput(ScriptNode node) =>
        ScriptOperators.Unsupported(node, "a loop over layers whose number of rounds is only known when it runs");

    /// <summary>The condition's slot. Inside a branch it is one that stays empty when that branch is not taken.</summary>
    private Slot Condition(Symbol symbol) => tape.Guard is null && tape.Settled(symbol) is Slot slot
        ? slot
        : tape.Do(null, [symbol], 1, inputs => [inputs[0]])[0];

    private static bool Refuses(ScriptBlock block) => block.Nodes.Any(node => node.Kind == "prim::RaiseException");

    /// <summary>One branch only refuses the input: the other goes on as if there were no condition.</summary>
    private Cell[] Checked(ScriptNode node, int slot, int refusing, Dictionary<int, Cell> values)
    {
        Taken(node.Blocks[refusing], new Guard(slot, refusing == 0), values);
        return body(node.Blocks[1 - refusing], values);
    }

    private Cell[] Merged(ScriptNode node, int slot, Dictionary<int, Cell> values)
    {
        var then = Taken(node.Blocks[0], new Guard(slot, true), values);
        var otherwise = Taken(node.Blocks[1], new Guard(slot, false), values);
        foreach (var cell in then.Changed.Keys.Union(otherwise.Changed.Keys).ToList())
            memory.Merge(cell, Merged(node, slot, then.Changed.GetValueOrDefault(cell) ?? memory.Snapshot(cell), otherwise.Changed.GetValueOrDefault(cell) ?? memory.Snapshot(cell)));
        return [.. then.Results.Zip(otherwise.Results, (a, b) => ReferenceEquals(a.Object, b.Object)
            ? a.Object
            : new Cell(Merged(node, slot, a.Value, b.Value)) { ReadOnly = "the result of a branch" })];
    }

    private ((Cell Object, Symbol Value)[] Results, Dictionary<Cell, Symbol> Changed) Taken(ScriptBlock block, Guard guard, Dictionary<int, Cell> values)
    {
        var outer = tape.Guard;
        tape.Guard = guard;
        (Cell, Symbol)[] results = [];
        var changed = memory.Branch(() => results = [.. body(block, values).Select(cell => (cell, tape.Settled(memory.Snapshot(cell))))]);
        tape.Guard = outer;
        return (results, changed);
    }

    private Symbol Merged(ScriptNode node, int slot, Symbol then, Symbol otherwise)
    {
        if (then is Items a && otherwise is Items b && a.Members.Length == b.Members.Length)
            return a with { Members = [.. a.Members.Zip(b.Members, (x, y) => new Cell(Merged(node, slot, x.Value, y.Value)))] };
        if (then == otherwise || then is Literal { Value: { } value } && value.Equals((otherwise as Literal)?.Value)) return then;
        if (then is Instance or Callable || otherwise is Instance or Callable) throw ScriptOperators.Unsupported(node, "a choice between modules");
        return tape.Do(null, [new Slot(slot), then, otherwise], 1, inputs => [Shared(inputs[0] is true ? inputs[1] : inputs[2])])[0];
    }

    /// <summary>New handles on the same values: each slot owns its own.</summary>
    private static object? Shared(object? value) => value switch
    {
        Tensor tensor => tensor.alias(),
        object?[] list => Array.ConvertAll(list, Shared),
        _ => value,
    };
}
