using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Ops.EqTensor.Call(this, target);
        public Tensor eq(Scalar target) => Ops.EqScalar.Call(this, target);
        public Tensor equal(Tensor target) => eq(target);
        public Tensor ne(Tensor target) => Ops.NeTensor.Call(this, target);
        public Tensor ne(Scalar target) => Ops.NeScalar.Call(this, target);
        public Tensor not_equal(Tensor target) => ne(target);
        public Tensor lt(Tensor target) => Ops.LtTensor.Call(this, target);
        public Tensor lt(Scalar target) => Ops.LtScalar.Call(this, target);
        public Tensor less(Tensor target) => lt(target);
        public Tensor le(Tensor target) => Ops.LeTensor.Call(this, target);
        public Tensor le(Scalar target) => Ops.LeScalar.Call(this, target);
        public Tensor less_equal(Tensor target) => le(target);
        public Tensor gt(Tensor target) => Ops.GtTensor.Call(this, target);
        public Tensor gt(Scalar target) => Ops.GtScalar.Call(this, target);
        public Tensor greater(Tensor target) => gt(target);
        public Tensor ge(Tensor target) => Ops.GeTensor.Call(this, target);
        public Tensor ge(Scalar target) => Ops.GeScalar.Call(this, target);
        public Tensor greater_equal(Tensor target) => ge(target);

        public Tensor logical_and(Tensor other) => Ops.LogicalAnd.Call(this, other);
        public Tensor logical_or(Tensor other) => Ops.LogicalOr.Call(this, other);
        public Tensor logical_xor(Tensor other) => Ops.LogicalXor.Call(this, other);
        public Tensor logical_not() => Ops.LogicalNot.Call(this);

        public bool allclose(Tensor target, double rtol = 1E-05, double atol = 1E-08, bool equal_nan = false) =>
            Ops.Allclose.Number(this, target, rtol, atol, equal_nan).ToBoolean();

        public Tensor isclose(Tensor other, double rtol = 1E-05, double atol = 1E-08, bool nanEqual = false) =>
            Ops.Isclose.Call(this, other, rtol, atol, nanEqual);

        public Tensor isfinite() => Ops.Isfinite.Call(this);
        public Tensor isinf() => Ops.Isinf.Call(this);
        public Tensor isnan() => Ops.Isnan.Call(this);
        public Tensor isposinf() => Ops.Isposinf.Call(this);
        public Tensor isneginf() => Ops.Isneginf.Call(this);

        public Tensor where(Tensor condition, Tensor y) => Ops.WhereSelf.Call(condition, this, y);
        public Tensor masked_fill(Tensor mask, Scalar value) => Ops.MaskedFillScalar.Call(this, mask, value);
        public Tensor masked_fill_(Tensor mask, Scalar value) => Ops.MaskedFillInPlaceScalar.Change(this, mask, value);
        public Tensor masked_select(Tensor mask) => Ops.MaskedSelect.Call(this, mask);
        public Tensor masked_scatter(Tensor mask, Tensor value) => Ops.MaskedScatter.Call(this, mask, value);

        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) =>
            Ops.BucketizeTensor.Call(this, boundaries, outInt32, right);
    }
}
