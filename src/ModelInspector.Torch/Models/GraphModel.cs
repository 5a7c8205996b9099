using System.Collections.Immutable;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models;

/// <summary>
/// Runs an imported network step by step: every layer can be tapped, gradients flow, and the run can be cut anywhere.
/// Values are freed after their last reader, so a run without gradients needs little more memory than its widest cut.
/// </summary>
public sealed partial class GraphModel : IReweightableModel, ISplittableModel
{
    private static readonly HashSet<int> Nothing = [];

    private readonly GraphProgram program;
    private readonly int[] lastReader;
    private readonly Dictionary<string, int> stepOf;
    private readonly bool[] fromInput;
    private readonly int[] producer;

    /// <summary>A network over a program, whose constants it owns from now on.</summary>
    public GraphModel(ModelGraph graph, GraphProgram program)
    {
        (Graph, this.program) = (graph, program);
        place = PlaceOf(program);
        folds = new Lazy<FoldedNorms>(() => new FoldedNorms(program));
        lastReader = LastReaders(program);
        fromInput = FromInput(program);
        producer = Producers(program);
        stepOf = program.Steps.Index().Where(step => step.Item.Layer is not null).ToDictionary(step => step.Item.Layer!.Name, step => step.Index);
    }

    /// <inheritdoc/>
    public ModelGraph Graph { get; }

    /// <inheritdoc/>
    public Prefix RunTo(string layer, Inputs inputs)
    {
        var next = stepOf[Graph.Find(layer).Name] + 1;
        var cut = CutAfter(next);
        var output = program.Steps[next - 1].Outputs[0];
        using var frame = Begin(inputs, [.. cut.Kept, output]);
        Advance(frame, 0, next, null);
        if (frame.Get(output) is not Tensor)
            throw new InputException($"{Graph.Name}: layer {layer} did not run: it lies on a branch that this input does not take. Choose another layer.");
        var crossing = cut.Kept.Where(frame.Owns).ToDictionary(slot => slot, frame.Take);
        var given = inputs.For(Graph.Inputs).Select(tensor => Detached(tensor.alias()));
        return new Prefix(program.Steps[next - 1].Layer!.Name, next, [.. given], (Tensor)frame.Take(output)!, crossing);
    }

    /// <inheritdoc/>
    public Outputs RunFrom(Prefix prefix, Tensor value, Tap? tap = null)
    {
        var copies = Copies(prefix, value);
        using var frame = new Frame(program, Nothing);
        foreach (var (slot, crossing) in Crossing(prefix, copies)) frame.Put(slot, Shared(crossing));
        foreach (var step in CutAfter(prefix.Next).Redone) Do(frame, program.Steps[step], null);
        frame.Put(program.Steps[prefix.Next - 1].Outputs[0], Detached(At(value, place)));
        Advance(frame, prefix.Next, program.Steps.Length, tap);
        return Finish(frame);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var constant in borrowed ? replaced : program.Constants.Values) Release(constant);
        if (folds.IsValueCreated) folds.Value.Dispose();
        if (!borrowed) program.Owner?.Dispose();
    }

    private Frame Begin(Inputs inputs, HashSet<int> kept)
    {
        var given = inputs.For(Graph.Inputs);
        var frame = new Frame(program, kept) { Asked = given.FirstOrDefault()?.device };
        foreach (var (slot, tensor) in program.Inputs.Zip(given)) frame.Put(slot, Detached(At(tensor, place)));
        return frame;
    }

    private void Advance(Frame frame, int from, int to, Tap? tap)
    {
        for (var index = from; index < to; index++)
        {
            Do(frame, program.Steps[index], tap);
            FreeAfter(frame, index);
        }
    }

    private void Do(Frame frame, ProgramStep step, Tap? tap)
    {
        var inputs = frame.Read(step.Inputs.AsSpan());
        var outputs = Compute(step, inputs);
        for (var i = 0; i < outputs.Length && i < step.Outputs.Length; i++) frame.Put(step.Outputs[i], outputs[i]);
        if (step.Layer is not null && tap is not null && outputs[0] is Tensor output)
            frame.Replace(step.Outputs[0], Tapped(step.Layer, inputs, output, tap));
    }

    private object?[] Compute(ProgramStep step, object?[] inputs)
    {
        using var scope = NewDisposeScope();
        try
        {
            var outputs = step.Kernel(inputs);
            for (var i = 0; i < outputs.Length; i++) outputs[i] = Detached(Own(outputs[i], inputs));
            return outputs;
        }
        catch (Exception error) when (IsRefusal(error))
        {
            throw Refused(step, inputs, error);
        }
    }

    // A kernel may hand on what it was given: the frame then holds a second handle, so that each can be freed alone.
    private static object? Own(object? output, object?[] inputs) =>
        output is Tensor tensor && Array.Exists(inputs, input => ReferenceEquals(input, output)) ? tensor.alias() : output;

    private static bool IsRefusal(Exception error) =>
        error is ExternalException or InputException or ArgumentException or InvalidOperationException
            or InvalidCastException or ArithmeticException or IndexOutOfRangeException;

    private InputException Refused(ProgramStep step, object?[] inputs, Exception error)
    {
        var shapes = string.Join(", ", inputs.OfType<Tensor>().Select(tensor => $"({string.Join(", ", tensor.shape)})"));
        var reason = error.Message.Split('\n')[0].TrimEnd('.', ' ', '\r');
        return new($"{Graph.Name}: layer {step.Layer?.Name ?? "(unnamed)"} ({step.Layer?.Op ?? "no layer"}) cannot run on inputs of shape "
            + $"{(shapes.Length > 0 ? shapes : "(none)")}: {reason}. "
            + "Check that the input has the size the network was made for: `modelinspector layers` prints it.", error);
    }

    private static Tensor? Tapped(Layer layer, object?[] inputs, Tensor output, Tap tap)
    {
        var replaced = tap(layer, [.. inputs.OfType<Tensor>()], output);
        if (replaced is null || ReferenceEquals(replaced, output)) return null;
        return Detached((Tensor)Own(replaced, inputs)!);
    }

    private void FreeAfter(Frame frame, int index)
    {
        foreach (var slot in program.Steps[index].Inputs)
            if (slot >= 0 && lastReader[slot] == index) frame.Free(slot);
        foreach (var slot in program.Steps[index].Outputs)
            if (slot >= 0 && lastReader[slot] < index) frame.Free(slot);
    }

    private Outputs Finish(Frame frame) =>
        new(Graph.Outputs.Zip(program.Outputs, (port, slot) => KeyValuePair.Create(port.Name, At((Tensor)frame.Get(slot)!, frame.Asked))));

    /// <summary>
    /// What the steps after a cut need from before it: layers' outputs are kept. Everything else (shapes, masks, lists) is
    /// computed again from those, because it would be wrong for another batch size.
    /// </summary>
    private Cut CutAfter(int next)
    {
        var (kept, redone) = (new SortedSet<int>(), new SortedSet<int>());
        var open = new Stack<int>(program.Steps.Skip(next).SelectMany(step => step.Inputs).Concat(program.Outputs));
        while (open.TryPop(out var slot))
        {
            if (slot < 0 || slot == program.Steps[next - 1].Outputs[0] || producer[slot] >= next) continue;
            if (producer[slot] < 0 || program.Steps[producer[slot]].Layer is not null) kept.Add(slot);
            else if (redone.Add(producer[slot]))
                foreach (var input in program.Steps[producer[slot]].Inputs) open.Push(input);
        }
        return new Cut([.. kept], [.. redone]);
    }

    private static long Copies(Prefix prefix, Tensor value)
    {
        if (value.Dimensions == 0 || prefix.Value.Dimensions == 0) return 1;
        var (given, ran) = (value.shape[0], prefix.Value.shape[0]);
        return ran > 0 && given > 0 && given % ran == 0 ? given / ran : throw new InputException(
            $"Layer {prefix.Layer} gave {ran} rows and is to be replaced by {given}. Expected {ran} or a multiple of it.");
    }

    // For several copies of the batch, what crosses the cut is computed from that many copies of the input: only the network
    // itself knows on which axis each value carries the batch.
    private IReadOnlyDictionary<int, object?> Crossing(Prefix prefix, long copies)
    {
        if (copies == 1 || !prefix.Crossing.Keys.Any(slot => fromInput[slot])) return prefix.Crossing;
        if (!prefix.Widened.TryGetValue(copies, out var wide)) prefix.Widened[copies] = wide = Widened(prefix, copies);
        return wide.Crossing;
    }

    private Prefix Widened(Prefix prefix, long copies)
    {
        using var scope = NewDisposeScope();
        var batch = prefix.Inputs[0].Dimensions > 0 ? prefix.Inputs[0].shape[0] : 0;
        var wide = Graph.Inputs.Zip(prefix.Inputs, (port, tensor) => KeyValuePair.Create(
            port.Name, tensor.Dimensions > 0 && tensor.shape[0] == batch ? tensor.repeat_interleave(copies, 0) : tensor));
        return RunTo(prefix.Layer, Inputs.Named(wide));
    }

    private static object? Shared(object? value) => value switch
    {
        Tensor tensor => Detached(tensor.alias()),
        object?[] list => Array.ConvertAll(list, Shared),
        _ => value,
    };

    private static T Detached<T>(T value)
    {
        if (value is Tensor tensor) tensor.DetachFromDisposeScope();
        if (value is IEnumerable<object?> list)
            foreach (var item in list) Detached(item);
        return value;
    }

    private static void Release(object? value)
    {
        if (value is Tensor tensor) tensor.Dispose();
        if (value is IEnumerable<object?> list)
            foreach (var item in list) Release(item);
    }

    private static int[] LastReaders(GraphProgram program)
    {
        var last = new int[program.Slots];
        Array.Fill(last, -1);
        foreach (var (index, step) in program.Steps.Index())
            foreach (var slot in step.Inputs.Where(slot => slot >= 0)) last[slot] = index;
        foreach (var slot in program.Outputs.Concat(program.Constants.Keys)) last[slot] = int.MaxValue;
        return last;
    }

    private static int[] Producers(GraphProgram program)
    {
        var producers = new int[program.Slots];
        Array.Fill(producers, -1);
        foreach (var (index, step) in program.Steps.Index())
            foreach (var slot in step.Outputs.Where(slot => slot >= 0)) producers[slot] = index;
        return producers;
    }

    private static bool[] FromInput(GraphProgram program)
    {
        var reached = new bool[program.Slots];
        foreach (var slot in program.Inputs) reached[slot] = true;
        foreach (var step in program.Steps)
            if (step.Inputs.Any(slot => slot >= 0 && reached[slot]))
                foreach (var slot in step.Outputs.Where(slot => slot >= 0)) reached[slot] = true;
        return reached;
    }

    private sealed record Cut(ImmutableArray<int> Kept, ImmutableArray<int> Redone);

    /// <summary>The values of one run. What it still holds at the end is freed.</summary>
    private sealed class Frame(GraphProgram program, HashSet<int> kept) : IDisposable
    {
        private readonly object?[] values = new object?[program.Slots];

        /// <summary>Where the inputs were given; null where the outputs stay.</summary>
        public Device? Asked { get; init; }

        public object? Get(int slot) => values[slot] ?? program.Constants.GetValueOrDefault(slot);

        public object?[] Read(ReadOnlySpan<int> slots)
        {
            var read = new object?[slots.Length];
            for (var i = 0; i < slots.Length; i++) read[i] = slots[i] < 0 ? null : Get(slots[i]);
            return read;
        }

        public bool Owns(int slot) => values[slot] is not null;

        public void Put(int slot, object? value)
        {
            if (slot < 0) Release(value);
            else values[slot] = value;
        }

        public void Replace(int slot, Tensor? value)
        {
            if (value is null) return;
            Release(values[slot]);
            values[slot] = value;
        }

        public object? Take(int slot)
        {
            var value = values[slot];
            values[slot] = null;
            return value;
        }

        public void Free(int slot)
        {
            if (!kept.Contains(slot)) Release(Take(slot));
        }

        public void Dispose()
        {
            foreach (var value in values) Release(value);
        }
    }
}
