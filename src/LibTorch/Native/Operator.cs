using System.Collections.Immutable;
using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>One ATen operator, found at its first call and kept. Thread-safe.</summary>
public sealed unsafe class Operator
{
    private const int MostResults = 12;
    private const int WordsOnStack = 128;

    private nint _handle;
    private (ImmutableArray<Argument> Arguments, ImmutableArray<Argument> Returns)? _schema;

    internal Operator(string name, string overload = "") => (Name, Overload) = (name, overload);

    /// <summary>The qualified name, such as <c>aten::add</c>.</summary>
    public string Name { get; }

    /// <summary>The overload, such as <c>Tensor</c>; empty for the unnamed one.</summary>
    public string Overload { get; }

    /// <summary>The arguments in order.</summary>
    public ImmutableArray<Argument> Arguments => Schema.Arguments;

    /// <summary>The results in order.</summary>
    public ImmutableArray<Argument> Returns => Schema.Returns;

    /// <inheritdoc/>
    public override string ToString() => Overload.Length == 0 ? Name : $"{Name}.{Overload}";

    internal nint Handle => _handle != 0 ? _handle : Find();

    /// <summary>Runs the operator for its one tensor.</summary>
    internal Tensor Call(params ReadOnlySpan<Value> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MostResults];
        Run(arguments, results);
        return Result.Tensor(results[0])!;
    }

    /// <summary>Runs an operator that returns two tensors.</summary>
    internal (Tensor, Tensor) Pair(params ReadOnlySpan<Value> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MostResults];
        Run(arguments, results);
        return (Result.Tensor(results[0])!, Result.Tensor(results[1])!);
    }

    /// <summary>Runs an operator that returns three tensors.</summary>
    internal (Tensor, Tensor, Tensor) Triple(params ReadOnlySpan<Value> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MostResults];
        Run(arguments, results);
        return (Result.Tensor(results[0])!, Result.Tensor(results[1])!, Result.Tensor(results[2])!);
    }

    /// <summary>Runs an operator that returns four tensors.</summary>
    internal (Tensor, Tensor, Tensor, Tensor) Quadruple(params ReadOnlySpan<Value> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MostResults];
        Run(arguments, results);
        return (Result.Tensor(results[0])!, Result.Tensor(results[1])!, Result.Tensor(results[2])!, Result.Tensor(results[3])!);
    }

    /// <summary>Runs an operator that returns a list of tensors.</summary>
    internal Tensor[] List(params ReadOnlySpan<Value> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MostResults];
        Run(arguments, results);
        return Result.Tensors(results[0])!;
    }

    /// <summary>Runs an operator for its effect on its first argument, which is returned.</summary>
    internal Tensor Change(params ReadOnlySpan<Value> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MostResults];
        int count = Run(arguments, results);
        for (int k = 0; k < count; k++) Result.Discard(results[k]);
        return (Tensor)arguments[0].Object!;
    }

    /// <summary>Runs an operator that writes to its last argument, which is returned.</summary>
    internal Tensor Into(params ReadOnlySpan<Value> arguments)
    {
        Change(arguments);
        return (Tensor)arguments[^1].Object!;
    }

    /// <summary>Runs an operator that returns a number.</summary>
    internal Scalar Number(params ReadOnlySpan<Value> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MostResults];
        Run(arguments, results);
        return Result.Number(results[0]);
    }

    /// <summary>Runs an operator for all its results, whatever they are.</summary>
    internal object?[] All(ReadOnlySpan<Value> arguments)
    {
        NativeValue* results = stackalloc NativeValue[MostResults];
        int count = Run(arguments, results);
        var values = new object?[count];
        for (int k = 0; k < count; k++) values[k] = Result.Any(results[k]);
        return values;
    }

    private int Run(ReadOnlySpan<Value> arguments, NativeValue* results)
    {
        int words = 0;
        foreach (ref readonly Value argument in arguments) words += argument.Words;
        if (words > WordsOnStack) return RunLarge(arguments, results, words);
        long* room = stackalloc long[WordsOnStack];
        return Run(arguments, results, room);
    }

    private int RunLarge(ReadOnlySpan<Value> arguments, NativeValue* results, int words)
    {
        fixed (long* room = new long[words]) return Run(arguments, results, room);
    }

    private int Run(ReadOnlySpan<Value> arguments, NativeValue* results, long* room)
    {
        NativeValue* natives = stackalloc NativeValue[arguments.Length];
        for (int k = 0; k < arguments.Length; k++) room += arguments[k].Write(out natives[k], room);
        int produced;
        byte* error = Bridge.mi_call(Handle, natives, arguments.Length, results, MostResults, &produced);
        foreach (ref readonly Value argument in arguments) GC.KeepAlive(argument.Object);
        Bridge.Check(error);
        return produced;
    }

    private nint Find()
    {
        nint handle;
        Bridge.Check(Bridge.mi_op_find(Name, Overload, &handle));
        return _handle = handle;
    }

    private (ImmutableArray<Argument> Arguments, ImmutableArray<Argument> Returns) Schema => _schema ??= ReadSchema();

    private (ImmutableArray<Argument> Arguments, ImmutableArray<Argument> Returns) ReadSchema()
    {
        NativeValue text;
        Bridge.Check(Bridge.mi_op_schema(Handle, &text));
        var lines = Bridge.TakeText(text).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int arrow = Array.IndexOf(lines, "->");
        return ([.. lines[..arrow].Select(Argument.Parse)], [.. lines[(arrow + 1)..].Select(Argument.Parse)]);
    }
}
