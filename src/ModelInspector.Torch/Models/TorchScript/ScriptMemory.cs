using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.TorchScript;

/// <summary>
/// What the program's objects hold at each point. The network never writes into a tensor: a write makes a new value, and every name of
/// the object, every view of it, and whatever it is a view of, mean the new value from then on.
/// </summary>
internal sealed class ScriptMemory(ScriptFile file, ScriptTape tape)
{
    private readonly Stack<Dictionary<Cell, (Symbol Value, long Version, long Seen)>> journals = [];
    private long clock;

    /// <summary>What an object holds now. A view whose base was written to is taken anew.</summary>
    internal Symbol Read(Cell cell)
    {
        if (cell.Origin is not { } view) return cell.Value;
        var whole = Read(view.Base);
        if (cell.Seen != view.Base.Version)
        {
            Remember(cell);
            cell.Value = tape.Run(view.Node, view.Operands.Prepend(whole), isLayer: false)[0];
            cell.Seen = view.Base.Version;
        }
        return cell.Value;
    }

    /// <summary>The object as it is now, cut off from later writes.</summary>
    internal Symbol Snapshot(Cell cell) => Read(cell) is Items items
        ? items with { Members = [.. items.Members.Select(member => new Cell(Snapshot(member)))] }
        : cell.Value;

    /// <summary>Puts a new value into an object, its views and its base.</summary>
    internal void Write(Cell cell, Symbol value, ScriptNode node)
    {
        if (cell.ReadOnly is { } reason)
            throw new InputException($"{node.Place} writes in place into {reason}, which is not supported. Expected an operation without trailing underscore; export the network so.");
        Remember(cell);
        cell.Value = value;
        cell.Version = ++clock;
        if (cell.Origin is not { } view) return;
        Write(view.Base, Assigned(view, value), node);
        cell.Seen = view.Base.Version;
    }

    /// <summary>Compiles a branch: what it changed is taken back, and returned as it was at the branch's end.</summary>
    internal Dictionary<Cell, Symbol> Branch(Action body)
    {
        journals.Push([]);
        body();
        var changed = journals.Peek().Where(entry => entry.Key.Version != entry.Value.Version).Select(entry => entry.Key).ToList()
            .ToDictionary(cell => cell, cell => tape.Settled(Snapshot(cell)));
        foreach (var (cell, old) in journals.Pop()) (cell.Value, cell.Version, cell.Seen) = old;
        return changed;
    }

    /// <summary>Sets an object after branches were merged.</summary>
    internal void Merge(Cell cell, Symbol value)
    {
        Remember(cell);
        cell.Value = value;
        cell.Version = ++clock;
        cell.Seen = cell.Origin?.Base.Version ?? 0;
    }

    private void Remember(Cell cell)
    {
        foreach (var journal in journals) journal.TryAdd(cell, (cell.Value, cell.Version, cell.Seen));
    }

    /// <summary>The viewed tensor with the view's part replaced.</summary>
    private Slot Assigned(View view, Symbol value)
    {
        var step = view.Node.Step!.Value;
        return tape.Do("aten::copy_", [Read(view.Base), value, .. view.Operands], 1, inputs =>
        {
            var whole = ((Tensor)inputs[0]!).clone();
            var part = (Tensor)file.Run(step, [whole, .. inputs[2..]])[0]!;
            part.copy_((Tensor)inputs[1]!);
            return [whole];
        })[0];
    }
}
