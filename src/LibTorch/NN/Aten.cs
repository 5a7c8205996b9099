using System.Collections.Concurrent;
using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>ATen operators by their short name, <c>conv2d</c> or <c>softmax.int</c>: looked up once, then kept.</summary>
internal static class Aten
{
    private static readonly ConcurrentDictionary<string, Operator> operators = new();

    /// <summary>The one tensor that an operator makes.</summary>
    public static Tensor Op(string name, params ReadOnlySpan<Value> arguments) => Find(name).Call(arguments);

    /// <summary>The two tensors that an operator makes.</summary>
    public static (Tensor, Tensor) Two(string name, params ReadOnlySpan<Value> arguments) => Find(name).Pair(arguments);

    /// <summary>Runs an operator that writes to its first argument, and returns that.</summary>
    public static Tensor Change(string name, params ReadOnlySpan<Value> arguments) => Find(name).Change(arguments);

    private static Operator Find(string name) => operators.GetOrAdd(name, static full =>
    {
        var dot = full.IndexOf('.');
        return dot < 0 ? new Operator($"aten::{full}") : new Operator($"aten::{full[..dot]}", full[(dot + 1)..]);
    });
}
