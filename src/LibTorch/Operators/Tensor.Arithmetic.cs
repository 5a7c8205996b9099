using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add(Tensor target) => Ops.AddTensor.Call(this, target);
        public Tensor add(Tensor target, Scalar alpha) => Ops.AddTensor.Call(this, target, alpha);
        public Tensor add(Scalar scalar) => Ops.AddScalar.Call(this, scalar);
        public Tensor add(Scalar scalar, Scalar alpha) => Ops.AddScalar.Call(this, scalar, alpha);
        public Tensor add_(Tensor target) => Ops.AddInPlaceTensor.Change(this, target);
        public Tensor add_(Tensor target, Scalar alpha) => Ops.AddInPlaceTensor.Change(this, target, alpha);
        public Tensor add_(Scalar scalar) => Ops.AddInPlaceScalar.Change(this, scalar);
        public Tensor add_(Scalar scalar, Scalar alpha) => Ops.AddInPlaceScalar.Change(this, scalar, alpha);

        public Tensor sub(Tensor target) => Ops.SubTensor.Call(this, target);
        public Tensor sub(Tensor target, Scalar alpha) => Ops.SubTensor.Call(this, target, alpha);
        public Tensor sub(Scalar target) => Ops.SubScalar.Call(this, target);
        public Tensor sub(Scalar target, Scalar alpha) => Ops.SubScalar.Call(this, target, alpha);
        public Tensor sub_(Tensor target) => Ops.SubInPlaceTensor.Change(this, target);
        public Tensor sub_(Tensor target, Scalar alpha) => Ops.SubInPlaceTensor.Change(this, target, alpha);
        public Tensor sub_(Scalar target) => Ops.SubInPlaceScalar.Change(this, target);
        public Tensor subtract(Tensor target) => sub(target);
        public Tensor subtract(Scalar target) => sub(target);

        public Tensor mul(Tensor target) => Ops.MulTensor.Call(this, target);
        public Tensor mul(Scalar target) => Ops.MulScalar.Call(this, target);
        public Tensor mul_(Tensor target) => Ops.MulInPlaceTensor.Change(this, target);
        public Tensor mul_(Scalar target) => Ops.MulInPlaceScalar.Change(this, target);
        public Tensor multiply(Tensor target) => mul(target);
        public Tensor multiply(Scalar target) => mul(target);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? Ops.DivTensor.Call(this, target) : Ops.DivTensorMode.Call(this, target, Rounding(rounding_mode));

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            rounding_mode == RoundingMode.None ? Ops.DivScalar.Call(this, target) : Ops.DivScalarMode.Call(this, target, Rounding(rounding_mode));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Ops.DivInPlaceTensorMode.Change(this, target, Rounding(rounding_mode));

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Ops.DivInPlaceScalarMode.Change(this, target, Rounding(rounding_mode));

        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor floor_divide(Tensor other) => Ops.FloorDivide.Call(this, other);
        public Tensor floor_divide(Scalar other) => Ops.FloorDivideScalar.Call(this, other);

        public Tensor remainder(Tensor target) => Ops.RemainderTensor.Call(this, target);
        public Tensor remainder(Scalar scalar) => Ops.RemainderScalar.Call(this, scalar);
        public Tensor remainder_(Tensor target) => Ops.RemainderInPlaceTensor.Change(this, target);
        public Tensor remainder_(Scalar scalar) => Ops.RemainderInPlaceScalar.Change(this, scalar);
        public Tensor fmod(Tensor target) => Ops.FmodTensor.Call(this, target);
        public Tensor fmod(Scalar scalar) => Ops.FmodScalar.Call(this, scalar);

        public Tensor pow(Tensor exponent) => Ops.PowTensorTensor.Call(this, exponent);
        public Tensor pow(Scalar exponent) => Ops.PowTensorScalar.Call(this, exponent);
        public Tensor pow_(Tensor exponent) => Ops.PowInPlaceTensor.Change(this, exponent);
        public Tensor pow_(Scalar exponent) => Ops.PowInPlaceScalar.Change(this, exponent);
        public Tensor float_power(Tensor exponent) => Ops.FloatPowerTensorTensor.Call(this, exponent);

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => Ops.Addcmul.Call(this, tensor1, tensor2, value);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) => Ops.AddcmulInPlace.Change(this, tensor1, tensor2, value);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => Ops.Addcdiv.Call(this, tensor1, tensor2, value);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) => Ops.AddcdivInPlace.Change(this, tensor1, tensor2, value);

        public Tensor lerp(Tensor end, Tensor weight) => Ops.LerpTensor.Call(this, end, weight);
        public Tensor lerp(Tensor end, Scalar weight) => Ops.LerpScalar.Call(this, end, weight);
        public Tensor lerp_(Tensor end, Tensor weight) => Ops.LerpInPlaceTensor.Change(this, end, weight);
        public Tensor lerp_(Tensor end, Scalar weight) => Ops.LerpInPlaceScalar.Change(this, end, weight);

        public Tensor atan2(Tensor other) => Ops.Atan2.Call(this, other);
        public Tensor hypot(Tensor other) => Ops.Hypot.Call(this, other);
        public Tensor copysign(Tensor other) => Ops.CopysignTensor.Call(this, other);
        public Tensor xlogy(Tensor y) => Ops.XlogyTensor.Call(this, y);
        public Tensor logaddexp(Tensor other) => Ops.Logaddexp.Call(this, other);
        public Tensor maximum(Tensor other) => Ops.Maximum.Call(this, other);
        public Tensor minimum(Tensor other) => Ops.Minimum.Call(this, other);
        public Tensor fmax(Tensor other) => Ops.Fmax.Call(this, other);
        public Tensor fmin(Tensor other) => Ops.Fmin.Call(this, other);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Ops.Clamp.Call(this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Ops.ClampTensor.Call(this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => Ops.ClampInPlace.Change(this, min, max);
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => Ops.ClampInPlaceTensor.Change(this, min, max);
        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);
        public Tensor clamp_min(Scalar min) => Ops.ClampMin.Call(this, min);
        public Tensor clamp_max(Scalar max) => Ops.ClampMax.Call(this, max);
        public Tensor clamp_min_(Scalar min) => Ops.ClampMinInPlace.Change(this, min);
        public Tensor clamp_max_(Scalar max) => Ops.ClampMaxInPlace.Change(this, max);

        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) => Ops.NanToNum.Call(this, nan, posinf, neginf);
        public Tensor round(long decimals = 0) => decimals == 0 ? Ops.Round.Call(this) : Ops.RoundDecimals.Call(this, decimals);
        public Tensor round_(long decimals = 0) => decimals == 0 ? Ops.RoundInPlace.Change(this) : Ops.RoundInPlaceDecimals.Change(this, decimals);

        public Tensor bitwise_and(Tensor other) => Ops.BitwiseAndTensor.Call(this, other);
        public Tensor bitwise_or(Tensor other) => Ops.BitwiseOrTensor.Call(this, other);
        public Tensor bitwise_xor(Tensor other) => Ops.BitwiseXorTensor.Call(this, other);
        public Tensor bitwise_not() => Ops.BitwiseNot.Call(this);

        private static string? Rounding(RoundingMode mode) => mode == RoundingMode.None ? null : mode.ToString();
    }
}
