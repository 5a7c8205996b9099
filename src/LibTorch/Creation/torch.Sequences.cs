using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Ops.ArangeStartStep.Call(start, stop, step, dtype ?? Counting(start, stop, step), Value.None, Where(device), Value.None), requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Ops.Linspace.Call(start, end, steps, dtype, Value.None, Where(device), Value.None), requires_grad);

    public static Tensor logspace(double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Made(Ops.Logspace.Call(start, end, steps, @base, dtype, Value.None, Where(device), Value.None), requires_grad);

    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Ops.EyeM.Call(rows, columns < 0 ? rows : columns, dtype, Value.None, Where(device), Value.None), requires_grad, names);

    public static Tensor tril_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        Ops.TrilIndices.Call(row, col, offset, dtype, Value.None, Where(device), Value.None);

    public static Tensor triu_indices(long row, long col, long offset = 0, ScalarType dtype = ScalarType.Int64, Device? device = null) =>
        Ops.TriuIndices.Call(row, col, offset, dtype, Value.None, Where(device), Value.None);

    public static Tensor complex(Tensor real, Tensor imag) => Ops.Complex.Call(real, imag);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Ops.ZerosLike.Call(input, dtype, Value.None, device), requires_grad, names);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Ops.OnesLike.Call(input, dtype, Value.None, device), requires_grad, names);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Ops.EmptyLike.Call(input, dtype, Value.None, device), requires_grad, names);

    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Made(Ops.FullLike.Call(input, value, dtype, Value.None, device), requires_grad, names);

    // Whole numbers count in Int64, anything else in the default type.
    private static ScalarType? Counting(Scalar start, Scalar stop, Scalar step) =>
        start.IsIntegral && stop.IsIntegral && step.IsIntegral ? ScalarType.Int64 : null;

    private static Device Where(Device? device) => device ?? get_default_device();

    private static Tensor Made(Tensor fresh, bool requires_grad, string[]? names = null)
    {
        ElementCopy.RejectNames(names);
        if (requires_grad) fresh.requires_grad = true;
        return fresh;
    }
}
