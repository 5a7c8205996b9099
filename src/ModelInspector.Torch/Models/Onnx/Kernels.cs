using static TorchSharp.torch;

namespace ModelInspector.Models.Onnx;

/// <summary>Kernels from formulas, and what they read of their inputs.</summary>
internal static class Kernels
{
    public static Kernel Of(Func<Tensor, Tensor> formula) => inputs => [formula(inputs.At(0))];

    public static Kernel Of(Func<Tensor, Tensor, Tensor> formula) => inputs => [formula(inputs.At(0), inputs.At(1))];

    public static Kernel Of(Func<Tensor, Tensor, Tensor, Tensor> formula) => inputs => [formula(inputs.At(0), inputs.At(1), inputs.At(2))];

    /// <summary>The kernel with what it made elsewhere (shapes, ranges, constants) brought to a device.</summary>
    public static Kernel On(Device device, Kernel kernel) => inputs => Array.ConvertAll(kernel(inputs), output => output is Tensor { Dimensions: > 0 } tensor ? tensor.to(device) : output);

    /// <summary>The input at a place.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static Tensor At(this ReadOnlySpan<object?> inputs, int index) =>
        inputs.TryAt(index) ?? throw new InputException($"input {index + 1} is missing; it is given {inputs.Length}");

    /// <summary>The input at a place, or null if the node has none there.</summary>
    public static Tensor? TryAt(this ReadOnlySpan<object?> inputs, int index) => index < inputs.Length ? (Tensor?)inputs[index] : null;

    /// <summary>Every tensor that is given.</summary>
    public static Tensor[] All(this ReadOnlySpan<object?> inputs)
    {
        var tensors = new List<Tensor>(inputs.Length);
        foreach (var input in inputs)
            if (input is Tensor tensor) tensors.Add(tensor);
        return tensors.Count > 0 ? [.. tensors] : throw new InputException("it is given no input");
    }

    /// <summary>The whole numbers in a tensor: shapes, axes, indices.</summary>
    public static long[] Longs(this Tensor tensor)
    {
        using var whole = tensor.to(ScalarType.Int64).cpu();
        return whole.data<long>().ToArray();
    }

    /// <summary>The real numbers in a tensor: scales, regions.</summary>
    public static double[] Doubles(this Tensor tensor)
    {
        using var real = tensor.to(ScalarType.Float64).cpu();
        return real.data<double>().ToArray();
    }

    /// <summary>An axis counted from the front.</summary>
    /// <exception cref="InputException">There is no such axis.</exception>
    public static long Axis(this Tensor tensor, long axis) => Axis(axis, tensor.Dimensions);

    /// <summary>An axis counted from the front.</summary>
    /// <exception cref="InputException">There is no such axis.</exception>
    public static long Axis(long axis, long rank) =>
        axis >= -rank && axis < rank ? (axis + rank) % rank : throw new InputException($"axis {axis} does not exist in a tensor with {rank} axes");
}
