namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor that shares the array's memory, unless another type or device is asked.</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        ArgumentNullException.ThrowIfNull(rawArray);
        ElementCopy.RejectNames(names);
        return ElementCopy.Place(ElementCopy.Share(rawArray, 0, ElementCopy.Shape(rawArray)), dtype, device, requires_grad);
    }

    /// <summary>A one-dimensional tensor over <paramref name="count"/> elements of an array, from <paramref name="offset"/> on.</summary>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        ArgumentNullException.ThrowIfNull(rawArray);
        long rest = rawArray.LongLength - offset;
        if (offset < 0 || rest < 0) throw new ArgumentOutOfRangeException(nameof(offset), offset, $"The array has {rawArray.LongLength} elements.");
        if (count > rest) throw new ArgumentOutOfRangeException(nameof(count), count, $"{rest} elements are left from offset {offset} on.");
        return ElementCopy.Place(ElementCopy.Share(rawArray, offset, [count < 0 ? rest : count]), dtype, null, requires_grad);
    }

    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null) => data.to(dtype ?? data.dtype, device ?? data.device);

    public static Tensor as_tensor(Array data, ScalarType? dtype = null, Device? device = null) => from_array(data, dtype, device);
}
