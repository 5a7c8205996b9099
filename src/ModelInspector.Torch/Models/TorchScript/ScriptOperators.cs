using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.TorchScript;

/// <summary>Compiles one operation: computed now, put off, or made a step.</summary>
internal sealed class ScriptOperators(ScriptFile file, ScriptTape tape, ScriptMemory memory)
{
    /// <summary>Operators that reach outside the network; a model file has no business there.</summary>
    private static readonly HashSet<string> Forbidden = ["aten::save", "aten::from_file", "prim::SetAttr", "prim::CreateObject", "prim::fork", "aten::wait"];

    private readonly ScriptDicts dicts = new(memory);

    /// <exception cref="InputException">It is an operation that no network may use.</exception>
    internal static void Refuse(ScriptNode node)
    {
        if (Forbidden.Contains(node.Kind)) throw Unsupported(node, "an operation that is more than computing");
    }

    internal static InputException Unsupported(ScriptNode node, string what) =>
        new($"The network uses {node.Place}: {what}, which is not supported. Expected a network exported by torch.jit.trace; or export it to ONNX.");

    internal Cell[] Do(ScriptNode node, Cell[] inputs)
    {
        switch (node.Kind)
        {
            case "prim::ListConstruct" or "prim::TupleConstruct": return [new Cell(new Items([.. inputs]))];
            case "prim::DictConstruct": return [new Cell(new Items([.. inputs], IsDict: true))];
            case "prim::ListUnpack" or "prim::TupleUnpack": return Unpacked(node, inputs[0], node.Outputs.Length);
            case "prim::unchecked_cast" or "prim::unchecked_unwrap_optional": return inputs;
            case "prim::Uninitialized": return [new Cell(new Literal(null))];
            case "prim::RaiseException": return Raise(node, inputs);
            case "prim::Print" or "aten::warn" or "prim::profile": return [];
        }
        Refuse(node);
        return Known(node, inputs) ?? (node.Step is null ? throw Unsupported(node, "an operation without an operator") : Operate(node, inputs));
    }

    /// <summary>Questions about lists whose members are known one by one, and about none.</summary>
    private Cell[]? Known(ScriptNode node, Cell[] inputs) => (node.Kind, inputs.Length > 0 ? memory.Read(inputs[0]) : null) switch
    {
        ("aten::len", Items { IsDict: false } items) => [new Cell(new Literal((long)items.Members.Length))],
        ("aten::__getitem__" or "prim::TupleIndex", Items { IsDict: false } items) when Index(inputs[1], items) is { } at => [items.Members[at]],
        ("aten::__getitem__", Slot list) when node.Outputs[0].Type == "Tensor" && inputs[0].MemberOp is not null && Number(inputs[1]) is { } at and >= 0 and < 1000 =>
            [Member(inputs[0], list, (int)at)],
        ("prim::TupleIndex", Slot) when Number(inputs[1]) is { } at and >= 0 and < 1000 => [Member(inputs[0], memory.Read(inputs[0]), (int)at)],
        ("aten::append", Items { IsDict: false } items) => Append(inputs[0], items, inputs[1], node),
        ("aten::_set_item", Items { IsDict: false } items) when Index(inputs[1], items) is { } at => Replace(inputs[0], items, at, inputs[2], node),
        ("aten::pop", Items { IsDict: false } items) when Index(inputs[1], items) is { } at => Remove(inputs[0], items, at, node),
        ("aten::__is__" or "aten::__isnot__", { } left) when memory.Read(inputs[1]) is Literal { Value: null } && IsNone(left) is { } none =>
            [new Cell(new Literal(none == (node.Kind == "aten::__is__")))],
        (_, Items { IsDict: true } dict) => dicts.Do(node, dict, inputs),
        _ => null,
    };

    private static bool? IsNone(Symbol symbol) => symbol switch
    {
        Literal literal => literal.Value is null,
        Slot => null,
        _ => false,
    };

    private long? Number(Cell cell) => memory.Read(cell) is Literal { Value: long number } ? number : null;

    private int? Index(Cell cell, Items items)
    {
        if (Number(cell) is not { } number) return null;
        var at = number < 0 ? number + items.Members.Length : number;
        return at >= 0 && at < items.Members.Length ? (int)at : null;
    }

    private Cell[] Append(Cell list, Items items, Cell item, ScriptNode node)
    {
        memory.Write(list, items with { Members = items.Members.Add(item) }, node);
        return [list];
    }

    private Cell[] Replace(Cell list, Items items, int at, Cell item, ScriptNode node)
    {
        memory.Write(list, items with { Members = items.Members.SetItem(at, item) }, node);
        return node.Outputs.Length == 0 ? [] : [list];
    }

    private Cell[] Remove(Cell list, Items items, int at, ScriptNode node)
    {
        memory.Write(list, items with { Members = items.Members.RemoveAt(at) }, node);
        return [items.Members[at]];
    }

    private Cell[] Unpacked(ScriptNode node, Cell list, int count)
    {
        switch (memory.Read(list))
        {
            case Items items when items.Members.Length == count:
                return [.. items.Members];
            case Literal { Value: object?[] values } when values.Length == count:
                return [.. values.Select(value => new Cell(new Literal(value)))];
            case Slot or Later:
                var whole = memory.Read(list);
                return [.. Enumerable.Range(0, count).Select(at => Member(list, whole, at))];
            default:
                throw Unsupported(node, $"a list that does not have {count} members");
        }
    }

    /// <summary>A member of a list that an operator gives; if it is a tensor it is a layer by that operator's name.</summary>
    private Cell Member(Cell list, Symbol whole, int at)
    {
        var producer = whole is Slot slot ? tape.Steps.FindLast(step => step.Outputs.Contains(slot.Index)) : null;
        var member = tape.Do(list.MemberOp, [whole], 1, inputs => [Member((object?[])inputs[0]!, at)])[0];
        return new Cell(member) { ReadOnly = producer is null ? null : "one part of a tensor that was split" };
    }

    private static object? Member(object?[] list, int at)
    {
        if (at >= list.Length) throw new InputException($"The network expects a list of at least {at + 1} parts and made one of {list.Length} from this input. Check the input's size.");
        return list[at] is Tensor tensor ? tensor.alias() : list[at];
    }

    private Cell[] Raise(ScriptNode node, Cell[] inputs)
    {
        var place = node.Place;
        tape.Do(null, inputs.Select(memory.Snapshot), 0, given => throw new InputException(
            $"The network refuses this input ({place}): {Reason(given) ?? "it gives no reason"}. Check the input's shape and type."), hasEffect: true);
        return [];
    }

    private static string? Reason(ReadOnlySpan<object?> given)
    {
        foreach (var value in given)
            if (value is string { Length: > 0 } text) return text;
        return null;
    }

    /// <summary>Any operator, or a loop that runs as one.</summary>
    internal Cell[] Operate(ScriptNode node, Cell[] inputs)
    {
        ImmutableArray<Symbol> operands = [.. inputs.Select(memory.Snapshot)];
        if (operands.Any(operand => operand is Instance or Callable)) throw Unsupported(node, "an operator on a module");
        if (node.Writes.Length > 0) return WriteTensor(node, inputs, operands);
        if (node.IsDeterministic && Computed(node, operands) is { } values) return Taken(node, inputs, [.. values.Select(value => new Literal(value))]);
        if (IsShape(node, operands))
        {
            var work = new Deferred(node, operands);
            return Taken(node, inputs, [.. Enumerable.Range(0, work.Outputs).Select(output => new Later(work, output))]);
        }
        return Taken(node, inputs, [.. tape.Run(node, operands, isLayer: node.Outputs.Length > 0 && node.Outputs[0].Type == "Tensor")]);
    }

    /// <summary>The outputs as objects; changed lists are put back into theirs.</summary>
    private Cell[] Taken(ScriptNode node, Cell[] inputs, ImmutableArray<Symbol> values)
    {
        foreach (var (list, value) in node.ListWrites.Zip(values.Skip(node.Outputs.Length))) memory.Write(inputs[list], value, node);
        return [.. node.Outputs.Select((output, at) => Output(node, inputs, values[at], output, at))];
    }

    private Cell Output(ScriptNode node, Cell[] inputs, Symbol value, ScriptName output, int at)
    {
        var from = at < node.Views.Length ? node.Views[at] : -1;
        if (node.ListWrites.Contains(from)) return inputs[from];
        if (from < 0 || value is not Slot || !output.HoldsTensors) return new Cell(value) { MemberOp = node.Op };
        if (from > 0 || output.Type != "Tensor") return new Cell(value) { MemberOp = node.Op, ReadOnly = "a part of another tensor" };
        return new Cell(value) { Origin = new View(inputs[0], node, [.. inputs.Skip(1).Select(memory.Snapshot)]), Seen = inputs[0].Version };
    }

    private Cell[] WriteTensor(ScriptNode node, Cell[] inputs, ImmutableArray<Symbol> operands)
    {
        if (node.Pure is null || node.Writes is not [0]) throw Unsupported(node, "a write that has no form without writing");
        memory.Write(inputs[0], tape.Run(node, operands, isLayer: true)[0], node);
        return [inputs[0]];
    }

    private object?[]? Computed(ScriptNode node, ImmutableArray<Symbol> operands)
    {
        var values = new object?[operands.Length];
        for (var k = 0; k < values.Length; k++)
            if (!TryLiteral(operands[k], out values[k])) return null;
        try
        {
            return (object?[])file.Kept(file.Run(node.Step!.Value, values))!;
        }
        catch (ExternalException)
        {
            return null; // it fails the same way when, and only if, the network gets there
        }
    }

    private static bool TryLiteral(Symbol symbol, out object? value)
    {
        value = (symbol as Literal)?.Value;
        if (symbol is not Items items) return symbol is Literal;
        var members = new object?[items.Members.Length];
        value = members;
        for (var k = 0; k < members.Length; k++)
            if (!TryLiteral(items.Members[k].Value, out members[k])) return false;
        return true;
    }

    /// <summary>Whether it computes numbers, or tensors out of nothing but numbers.</summary>
    private static bool IsShape(ScriptNode node, ImmutableArray<Symbol> operands) => node.IsDeterministic
        && (!node.Outputs.Concat(node.FromOutside).Any(value => value.HoldsTensors) || operands.All(IsShape));

    private static bool IsShape(Symbol symbol) => symbol switch
    {
        Literal or Later => true,
        Items items => items.Members.All(member => IsShape(member.Value)),
        _ => false,
    };
}
