using System.Collections.Immutable;

namespace ModelInspector.Models.TorchScript;

/// <summary>What is known of a value before the network runs.</summary>
internal abstract record Symbol;

/// <summary>Its value is known: a number, a text, a list of these, none, or a constant tensor.</summary>
internal sealed record Literal(object? Value) : Symbol;

/// <summary>It will be in a slot.</summary>
internal sealed record Slot(int Index) : Symbol;

/// <summary>A list, tuple or dict (keys and values in turn) whose members are known one by one.</summary>
internal sealed record Items(ImmutableArray<Cell> Members, bool IsDict = false) : Symbol;

/// <summary>One output of shape arithmetic, which is done anew right before each use: so a run can be cut anywhere and go on with another batch.</summary>
internal sealed record Later(Deferred Work, int Output) : Symbol;

/// <summary>A module object, under the path it was reached by.</summary>
internal sealed record Instance(int Module, string Path) : Symbol;

/// <summary>A function.</summary>
internal sealed record Callable(string Function) : Symbol;

/// <summary>An operator on values that are known, to be run when they are needed.</summary>
internal sealed record Deferred(ScriptNode Node, ImmutableArray<Symbol> Operands)
{
    /// <summary>Its outputs, and after them the lists it has changed.</summary>
    internal int Outputs => Node.Outputs.Length + Node.ListWrites.Length;
}

/// <summary>
/// One object of the program: all names that mean the same tensor or list share it, so that a write through one name is seen through all.
/// </summary>
internal sealed class Cell(Symbol value)
{
    /// <summary>What it holds now.</summary>
    internal Symbol Value { get; set; } = value;

    /// <summary>What it is a view of; null when it is its own storage.</summary>
    internal View? Origin { get; init; }

    /// <summary>Changes with every write.</summary>
    internal long Version { get; set; }

    /// <summary>The version of the viewed object that <see cref="Value"/> shows.</summary>
    internal long Seen { get; set; }

    /// <summary>The operator that its members are named after when it is a list.</summary>
    internal string? MemberOp { get; init; }

    /// <summary>Why a write to it cannot be followed; null when it can.</summary>
    internal string? ReadOnly { get; init; }
}

/// <summary>How a tensor came from another one that it may share storage with.</summary>
internal sealed record View(Cell Base, ScriptNode Node, ImmutableArray<Symbol> Operands);
