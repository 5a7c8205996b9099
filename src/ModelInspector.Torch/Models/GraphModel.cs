using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Models;

/// <summary>
/// Runs an imported network step by step: every layer can be tapped, gradients flow, and the run can be cut anywhere.
/// Values are freed after their last reader, so a run without gradients needs little more memory than its widest cut.
/// </summary>
public sealed class GraphModel : IDifferentiableModel, ISplittableModel
{
    private readonly GraphProgram program;
    private readonly int[] lastReader;
    private readonly Dictionary<string, int> stepOf;
    private readonly bool[] fromInput;

    /// <summary>A network over a program, whose constants it owns from now on.</summary>
    public GraphModel(ModelGraph graph, GraphProgram program)
    {
        (Graph, this.program) = (graph, program);
        lastReader = LastReaders(program);
        fromInput = FromInput(program);
        stepOf = program.Steps.Index().Where(step => step.Item.Layer is not null).ToDictionary(step => step.Item.Layer!.Name, step => step.Index);
    }

    /// <inheritdoc/>
    public ModelGraph Graph { get; }

    /// <inheritdoc/>
    public Outputs Run(Inputs inputs, Tap? tap = null)
    {
        using var frame = Begin(inputs);
        Advance(frame, 0, program.Steps.Length, tap);
        return Finish(frame);
    }

    /// <inheritdoc/>
    public Prefix RunTo(string layer, Inputs inputs)
    {
        var next = stepOf[Graph.Find(layer).Name] + 1;
        using var frame = Begin(inputs);
        Advance(frame, 0, next, null);
        var cut = program.Steps[next - 1].Outputs[0];
        if (frame.Get(cut) is not Tensor)
            throw new InputException($"{Graph.Name}: layer {layer} did not run: it lies on a branch that this input does not take. Choose another layer.");
        var crossing = Enumerable.Range(0, program.Slots)
            .Where(slot => slot != cut && lastReader[slot] >= next && frame.Owns(slot))
            .ToDictionary(slot => slot, frame.Take);
        return new Prefix(layer, next, ((Tensor)frame.Inputs[0]).shape[0], (Tensor)frame.Take(cut)!, crossing);
    }

    /// <inheritdoc/>
    public Outputs RunFrom(Prefix prefix, Tensor value, Tap? tap = null)
    {
        using var frame = new Frame(program);
        var copies = value.Dimensions == 0 || prefix.Value.Dimensions == 0 ? 1 : value.shape[0] / Math.Max(1, prefix.Value.shape[0]);
        foreach (var (slot, crossing) in prefix.Crossing)
            frame.Put(slot, Repeated(slot, crossing, prefix.Batch, copies));
        frame.Put(program.Steps[prefix.Next - 1].Outputs[0], Detached(value.alias()));
        Advance(frame, prefix.Next, program.Steps.Length, tap);
        return Finish(frame);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in program.Constants.Values.OfType<Tensor>()) tensor.Dispose();
        program.Owner?.Dispose();
    }

    private Frame Begin(Inputs inputs)
    {
        var frame = new Frame(program);
        foreach (var (slot, tensor) in program.Inputs.Zip(inputs.For(Graph.Inputs)))
        {
            frame.Inputs.Add(tensor);
            frame.Put(slot, Detached(tensor.alias()));
        }
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
        if (step.Layer is not null && tap is not null && outputs[0] is Tensor output)
            outputs[0] = Tapped(step.Layer, inputs, output, tap);
        foreach (var (slot, value) in step.Outputs.Zip(outputs)) frame.Put(slot, value);
    }

    private object?[] Compute(ProgramStep step, object?[] inputs)
    {
        using var scope = NewDisposeScope();
        try
        {
            var outputs = step.Kernel(inputs);
            foreach (var output in outputs) Detached(output);
            return outputs;
        }
        catch (ExternalException error)
        {
            throw new InputException($"{Graph.Name}: layer {step.Layer?.Name ?? "(unnamed)"} ({step.Layer?.Op ?? "no operator"}) cannot run on inputs of shape "
                + $"{string.Join(", ", inputs.OfType<Tensor>().Select(tensor => "(" + string.Join(", ", tensor.shape) + ")"))}: {error.Message} "
                + "Check that the input has the size the network was made for: `modelinspector layers` prints it.", error);
        }
    }

    private static Tensor Tapped(Layer layer, object?[] inputs, Tensor output, Tap tap)
    {
        var replaced = tap(layer, [.. inputs.OfType<Tensor>()], output);
        if (replaced is null) return output;
        output.Dispose();
        return replaced.DetachFromDisposeScope();
    }

    private void FreeAfter(Frame frame, int index)
    {
        foreach (var slot in program.Steps[index].Inputs)
            if (slot >= 0 && lastReader[slot] == index) frame.Free(slot);
        foreach (var slot in program.Steps[index].Outputs)
            if (lastReader[slot] < index) frame.Free(slot);
    }

    private Outputs Finish(Frame frame) =>
        new(Graph.Outputs.Zip(program.Outputs, (port, slot) => KeyValuePair.Create(port.Name, ((Tensor)frame.Get(slot)!).alias())));

    private object? Repeated(int slot, object? value, long batch, long copies) => value switch
    {
        Tensor tensor => Repeated(slot, tensor, batch, copies),
        object?[] list => Array.ConvertAll(list, item => Repeated(slot, item, batch, copies)),
        _ => value,
    };

    private Tensor Repeated(int slot, Tensor tensor, long batch, long copies) => Detached(
        copies > 1 && fromInput[slot] && tensor.Dimensions > 0 && tensor.shape[0] == batch
            ? tensor.repeat_interleave(copies, 0)
            : tensor.alias());

    private static T Detached<T>(T value)
    {
        if (value is Tensor tensor) tensor.DetachFromDisposeScope();
        if (value is IEnumerable<object?> list)
            foreach (var item in list) Detached(item);
        return value;
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

    private static bool[] FromInput(GraphProgram program)
    {
        var reached = new bool[program.Slots];
        foreach (var slot in program.Inputs) reached[slot] = true;
        foreach (var step in program.Steps)
            if (step.Inputs.Any(slot => slot >= 0 && reached[slot]))
                foreach (var slot in step.Outputs) reached[slot] = true;
        return reached;
    }

    /// <summary>The values of one run. What it still holds at the end is freed.</summary>
    private sealed class Frame(GraphProgram program) : IDisposable
    {
        private readonly object?[] values = new object?[program.Slots];

        public List<object> Inputs { get; } = [];

        public object? Get(int slot) => values[slot] ?? program.Constants.GetValueOrDefault(slot);

        public object?[] Read(ReadOnlySpan<int> slots)
        {
            var read = new object?[slots.Length];
            for (var i = 0; i < slots.Length; i++) read[i] = slots[i] < 0 ? null : Get(slots[i]);
            return read;
        }

        public bool Owns(int slot) => values[slot] is not null;

        public void Put(int slot, object? value) => values[slot] = value;

        public object? Take(int slot)
        {
            var value = values[slot];
            values[slot] = null;
            return value;
        }

        public void Free(int slot) => Release(Take(slot));

        public void Dispose()
        {
            foreach (var value in values) Release(value);
        }

        private static void Release(object? value)
        {
            if (value is Tensor tensor) tensor.Dispose();
            if (value is IEnumerable<object?> list)
                foreach (var item in list) Release(item);
        }
    }
}
