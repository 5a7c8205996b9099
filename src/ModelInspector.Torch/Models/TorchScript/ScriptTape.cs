using System.Collections.Immutable;
using ModelInspector.Models.Costs;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models.TorchScript;

/// <summary>The value an operator is given, from the slots its step reads.</summary>
internal delegate object? Operand(ReadOnlySpan<object?> inputs);

/// <summary>A condition under which steps run: a slot and the value it must have.</summary>
internal sealed record Guard(int Slot, bool Expected);

/// <summary>One step before it has a name.</summary>
/// <param name="Scope">The module call it belongs to.</param>
/// <param name="Op">What a reader calls it; null when it is no layer.</param>
/// <param name="Inputs">Slots read.</param>
/// <param name="Outputs">Slots written.</param>
/// <param name="Kernel">What it does.</param>
internal sealed record DraftStep(ScriptCall Scope, string? Op, ImmutableArray<int> Inputs, ImmutableArray<int> Outputs, Kernel Kernel)
{
    /// <summary>Whether it must run even if nobody reads what it gives.</summary>
    internal bool HasEffect { get; init; }

    /// <summary>How far it reaches and what it costs.</summary>
    internal Telling? Tell { get; init; }
}

/// <summary>The steps of a network while it is compiled: hands out slots, and turns operators into steps.</summary>
internal sealed class ScriptTape(ScriptFile file)
{
    private const int MostSteps = 200_000;
    private readonly Dictionary<Tensor, int> slotOfConstant = new(ReferenceEqualityComparer.Instance);

    /// <summary>The file whose operators the steps run.</summary>
    internal ScriptFile File => file;

    /// <summary>Steps so far.</summary>
    internal List<DraftStep> Steps { get; } = [];

    /// <summary>Slots filled from the start.</summary>
    internal Dictionary<int, object?> Constants { get; } = [];

    /// <summary>Constant slots that hold trained values.</summary>
    internal HashSet<int> Parameters { get; } = [];

    /// <summary>Slots handed out.</summary>
    internal int Slots { get; private set; }

    /// <summary>The module call being compiled.</summary>
    internal ScriptCall Scope { get; set; } = new(0, "", null);

    /// <summary>The condition under which the next steps run; null for always.</summary>
    internal Guard? Guard { get; set; }

    internal int NewSlot() => Slots++;

    /// <summary>The slot of a constant tensor, which the network owns from now on.</summary>
    internal Slot Constant(Tensor tensor, bool isParameter = false)
    {
        if (!slotOfConstant.TryGetValue(tensor, out var slot))
        {
            slot = slotOfConstant[tensor] = NewSlot();
            Constants[slot] = tensor;
        }
        if (isParameter) Parameters.Add(slot);
        return new Slot(slot);
    }

    /// <summary>An operator as a step.</summary>
    /// <returns>Its outputs, then the lists it has changed.</returns>
    internal ImmutableArray<Slot> Run(ScriptNode node, IEnumerable<Symbol> operands, bool isLayer)
    {
        var (reads, read) = Operands(operands);
        var step = node.Step!.Value;
        return Add(isLayer ? node.Op : null, reads, node.Outputs.Length + node.ListWrites.Length, inputs => file.Run(step, Values(read, inputs)), tell: ScriptReaches.Of(node, inputs => Values(read, inputs)));
    }

    /// <summary>A step over symbols.</summary>
    internal ImmutableArray<Slot> Do(string? op, IEnumerable<Symbol> operands, int outputs, Kernel kernel, bool hasEffect = false)
    {
        var (reads, read) = Operands(operands);
        return Add(op, reads, outputs, inputs => kernel(Values(read, inputs)), hasEffect, ScriptReaches.Handed);
    }

    /// <summary>The same value without anything left to be done later.</summary>
    internal Symbol Settled(Symbol symbol) => symbol switch
    {
        Later or Literal { Value: Tensor } => new Slot(new Reading(this).SlotOf(symbol)),
        Items items => items with { Members = [.. items.Members.Select(member => new Cell(Settled(member.Value)))] },
        _ => symbol,
    };

    private (ImmutableArray<int> Slots, Operand[] Values) Operands(IEnumerable<Symbol> symbols)
    {
        var reading = new Reading(this);
        Operand[] read = [.. symbols.Select(reading.Operand)];
        return ([.. reading.Slots], read);
    }

    private ImmutableArray<Slot> Add(string? op, ImmutableArray<int> reads, int outputs, Kernel kernel, bool hasEffect = false, Telling? tell = null)
    {
        if (Steps.Count == MostSteps) throw new InputException($"The network unrolls to more than {MostSteps:#,0} operations. Expected fewer; export it without its loops.");
        ImmutableArray<int> written = [.. Enumerable.Range(0, outputs).Select(_ => NewSlot())];
        Steps.Add(Guard is { } guard
            ? new DraftStep(Scope, op, reads.Add(guard.Slot), written, Guarded(kernel, guard.Expected, outputs)) { HasEffect = hasEffect, Tell = tell }
            : new DraftStep(Scope, op, reads, written, kernel) { HasEffect = hasEffect, Tell = tell });
        return [.. written.Select(slot => new Slot(slot))];
    }

    private static Kernel Guarded(Kernel kernel, bool expected, int outputs) =>
        inputs => inputs[^1] is bool value && value == expected ? kernel(inputs[..^1]) : new object?[outputs];

    private static object?[] Values(Operand[] read, ReadOnlySpan<object?> inputs)
    {
        var values = new object?[read.Length];
        for (var k = 0; k < read.Length; k++) values[k] = read[k](inputs);
        return values;
    }

    /// <summary>Collects the slots that one step reads; shape arithmetic is done right before it.</summary>
    private sealed class Reading(ScriptTape tape)
    {
        private readonly Dictionary<Deferred, ImmutableArray<Slot>> done = new(ReferenceEqualityComparer.Instance);

        internal List<int> Slots { get; } = [];

        internal Operand Operand(Symbol symbol)
        {
            switch (symbol)
            {
                case Literal { Value: not Tensor } literal:
                    return _ => literal.Value;
                case Items items:
                    Operand[] members = [.. items.Members.Select(member => Operand(member.Value))];
                    return inputs => Values(members, inputs);
                default:
                    var at = At(SlotOf(symbol));
                    return inputs => inputs[at];
            }
        }

        internal int SlotOf(Symbol symbol) => symbol switch
        {
            Slot slot => slot.Index,
            Literal { Value: Tensor tensor } => tape.Constant(tensor).Index,
            Later later => Outputs(later.Work)[later.Output].Index,
            _ => throw new InputException("The network computes with a module or function as if it were a value. Expected a network exported by torch.jit.trace; or export it to ONNX."),
        };

        private ImmutableArray<Slot> Outputs(Deferred work)
        {
            if (done.TryGetValue(work, out var outputs)) return outputs;
            var reading = new Reading(tape);
            foreach (var (other, slots) in done) reading.done[other] = slots;
            Operand[] read = [.. work.Operands.Select(reading.Operand)];
            foreach (var (other, slots) in reading.done) done[other] = slots;
            var step = work.Node.Step!.Value;
            var file = tape.File;
            return done[work] = tape.Add(null, [.. reading.Slots], work.Outputs, inputs => file.Run(step, Values(read, inputs)), tell: ScriptReaches.Shapes);
        }

        private int At(int slot)
        {
            var at = Slots.IndexOf(slot);
            if (at >= 0) return at;
            Slots.Add(slot);
            return Slots.Count - 1;
        }
    }
}
