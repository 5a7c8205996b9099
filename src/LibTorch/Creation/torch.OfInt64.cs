namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        ElementCopy.Of<long>([scalar], [], dtype, device, requires_grad);

    public static Tensor tensor(IList<long> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        ElementCopy.Of(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(IList<long> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        ElementCopy.Of(rawArray, dimensions, dtype, device, requires_grad, names);

    public static Tensor tensor(long[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        ElementCopy.Of(dataArray, dtype, device, requires_grad, names);

    public static Tensor tensor(long[] dataArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        ElementCopy.Of(dataArray, dimensions, dtype, device, requires_grad, names);

    public static Tensor tensor(IList<long> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        ElementCopy.Of(rawArray, [rows, columns], dtype, device, requires_grad, names);

    public static Tensor tensor(IList<long> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        ElementCopy.Of(rawArray, [dim0, dim1, dim2], dtype, device, requires_grad, names);

    public static Tensor tensor(IList<long> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        ElementCopy.Of(rawArray, [dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    public static Tensor tensor(long[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        ElementCopy.OfArray(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(long[,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        ElementCopy.OfArray(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(long[,,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        ElementCopy.OfArray(rawArray, dtype, device, requires_grad, names);

    public static Tensor tensor(Memory<long> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        ElementCopy.Of<long>(rawArray.Span, dimensions, dtype, device, requires_grad, names);

    public static Tensor as_tensor(IList<long> rawArray, ScalarType? dtype = null, Device? device = null) => tensor(rawArray, dtype, device);

    public static Tensor as_tensor(long[] rawArray, ScalarType? dtype = null, Device? device = null) => from_array(rawArray, dtype, device);
}
