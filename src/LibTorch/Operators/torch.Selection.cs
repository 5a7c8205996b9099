using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor where(Tensor condition, Tensor x, Tensor y) => Ops.WhereSelf.Call(condition, x, y);
    public static Tensor[] where(Tensor condition) => Ops.Where.List(condition);

    public static Tensor searchsorted(Tensor sorted_sequence, Tensor values, bool out_int32 = false, bool right = false, Tensor? sorter = null) =>
        Ops.SearchsortedTensor.Call(sorted_sequence, values, out_int32, right, Value.None, sorter);

    public static Tensor searchsorted(Tensor sorted_sequence, Scalar values, bool out_int32, bool right, Tensor? sorter) =>
        Ops.SearchsortedScalar.Call(sorted_sequence, values, out_int32, right, Value.None, sorter);

    public static Tensor cdist(Tensor x1, Tensor x2, double p = 2, compute_mode compute_mode = compute_mode.use_mm_for_euclid_dist_if_necessary) =>
        Ops.Cdist.Call(x1, x2, p, (long)compute_mode);

    public static Tensor trapz(Tensor y, Tensor x, long dim = -1) => Ops.TrapezoidX.Call(y, x, dim);
    public static Tensor trapz(Tensor y, double dx = 1, long dim = -1) => Ops.TrapezoidDx.Call(y, dx, dim);

    public static bool allclose(Tensor tensor, Tensor target, double rtol = 1E-05, double atol = 1E-08, bool equal_nan = false) =>
        tensor.allclose(target, rtol, atol, equal_nan);

    public static long numel(Tensor input) => input.numel();
    public static Tensor permute(Tensor input, params long[] permutation) => input.permute(permutation);
    public static Tensor reshape(Tensor input, params long[] shape) => input.reshape(shape);
    public static Tensor flip(Tensor input, params long[] dims) => input.flip(dims);
    public static Tensor broadcast_to(Tensor input, params long[] shape) => input.broadcast_to(shape);
    public static Tensor clone(Tensor input) => input.clone();
    public static Tensor detach(Tensor input) => input.detach();
    public static Tensor relu(Tensor input) => input.relu();
}
