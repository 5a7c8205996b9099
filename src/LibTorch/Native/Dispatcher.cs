using System.Collections.Concurrent;
using System.Numerics;
using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>
/// Every ATen operator by name, guided by its schema: the entry for interpreters of imported graphs.
/// Arguments are <see cref="Tensor"/>, <see cref="long"/>, <see cref="int"/>, <see cref="double"/>, <see cref="float"/>, <see cref="bool"/>,
/// <see cref="string"/>, <see cref="Scalar"/>, <see cref="ScalarType"/>, <see cref="Device"/>, <see cref="Generator"/>, arrays of
/// <see cref="long"/>, <see cref="int"/>, <see cref="double"/>, <see cref="float"/>, <see cref="bool"/> or <see cref="Tensor"/>, lists of tensors, and null.
/// </summary>
public static class Dispatcher
{
    private static readonly ConcurrentDictionary<(string, string), Operator> s_found = new();

    /// <summary>Stands for an argument that takes the schema's default.</summary>
    public static object Default { get; } = new();

    /// <summary>Finds an operator.</summary>
    /// <param name="name">The qualified name, such as <c>aten::add</c>.</param>
    /// <param name="overload">The overload, such as <c>Tensor</c>; empty for the unnamed one.</param>
    /// <returns>The operator, with its schema.</returns>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">libtorch has no such operator.</exception>
    public static Operator Find(string name, string overload = "")
    {
        if (s_found.TryGetValue((name, overload), out var known)) return known;
        var found = new Operator(name, overload);
        _ = found.Handle;
        return s_found.GetOrAdd((name, overload), found);
    }

    /// <summary>Runs an operator by name. Keep the <see cref="Operator"/> where calls repeat.</summary>
    /// <param name="name">The qualified name.</param>
    /// <param name="overload">The overload.</param>
    /// <param name="arguments">The arguments in the schema's order; trailing ones with a default may be left out.</param>
    /// <returns>All results in order: tensors, arrays of tensors, numbers, strings, or null.</returns>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The operator is unknown, an argument does not fit, or it failed.</exception>
    public static object?[] Call(string name, string overload, params ReadOnlySpan<object?> arguments) => Call(Find(name, overload), arguments);

    /// <summary>Runs an operator.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="arguments">The arguments in the schema's order; trailing ones with a default may be left out.</param>
    /// <returns>All results in order: tensors, arrays of tensors, numbers, strings, or null.</returns>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">An argument does not fit, or the operator failed.</exception>
    public static object?[] Call(Operator op, params ReadOnlySpan<object?> arguments)
    {
        ArgumentNullException.ThrowIfNull(op);
        var values = new Value[arguments.Length];
        for (int k = 0; k < values.Length; k++) values[k] = Wrap(arguments[k]);
        return op.All(values);
    }

    private static Value Wrap(object? argument) => argument switch
    {
        null => Value.None,
        Tensor value => value,
        long value => value,
        int value => value,
        double value => value,
        float value => (double)value,
        bool value => value,
        string value => value,
        Scalar value => value,
        ScalarType value => value,
        Device value => value,
        Generator value => value,
        Complex value => (Scalar)value,
        long[] value => value,
        int[] value => Array.ConvertAll(value, item => (long)item),
        double[] value => value,
        float[] value => Array.ConvertAll(value, item => (double)item),
        bool[] value => value,
        Tensor?[] value => value,
        IEnumerable<Tensor?> value => value.ToArray(),
        IEnumerable<long> value => value.ToArray(),
        _ when ReferenceEquals(argument, Default) => Value.Default,
        _ => throw new ArgumentException($"A {argument.GetType().Name} cannot be handed to an operator; give a tensor, a number, a string, a list of these, or null."),
    };
}
