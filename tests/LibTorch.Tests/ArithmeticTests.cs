using static TorchSharp.Tests.Expect;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public class ArithmeticTests
{
    private static Tensor A => D(1, 2, 3);
    private static Tensor P => D(4, 5, 6);

    public static Cases Table => new()
    {
        { "add", () => add(A, P), 5, 7, 9 },
        { "add scalar", () => add(A, 1), 2, 3, 4 },
        { "add alpha", () => add(A, P, 2), 9, 12, 15 },
        { "add scalar alpha", () => add(A, 1, 3), 4, 5, 6 },
        { "add_", () => A.add_(P), 5, 7, 9 },
        { "add_ alpha", () => A.add_(P, 2), 9, 12, 15 },
        { "add_ scalar", () => A.add_(1), 2, 3, 4 },
        { "add_ scalar alpha", () => A.add_(1, 3), 4, 5, 6 },
        { "sub", () => sub(A, P), -3, -3, -3 },
        { "sub scalar", () => sub(A, 1), 0, 1, 2 },
        { "sub alpha", () => A.sub(P, 2), -7, -8, -9 },
        { "sub scalar alpha", () => A.sub(1, 2), -1, 0, 1 },
        { "sub_", () => A.sub_(P), -3, -3, -3 },
        { "sub_ alpha", () => A.sub_(P, 2), -7, -8, -9 },
        { "sub_ scalar", () => A.sub_(1), 0, 1, 2 },
        { "subtract", () => A.subtract(P), -3, -3, -3 },
        { "mul", () => mul(A, P), 4, 10, 18 },
        { "mul scalar", () => mul(A, 2), 2, 4, 6 },
        { "mul_", () => A.mul_(P), 4, 10, 18 },
        { "mul_ scalar", () => A.mul_(2), 2, 4, 6 },
        { "multiply", () => A.multiply(P), 4, 10, 18 },
        { "div", () => div(P, A), 4, 2.5, 2 },
        { "div floor", () => div(D(-7), D(2), RoundingMode.floor), -4 },
        { "div trunc", () => div(D(-7), D(2), RoundingMode.trunc), -3 },
        { "div scalar", () => div(A, 2), 0.5, 1, 1.5 },
        { "div scalar floor", () => div(D(-7), 2, RoundingMode.floor), -4 },
        { "div_", () => P.div_(A), 4, 2.5, 2 },
        { "div_ floor", () => D(-7).div_(D(2), RoundingMode.floor), -4 },
        { "div_ scalar", () => A.div_(2), 0.5, 1, 1.5 },
        { "divide", () => P.divide(A), 4, 2.5, 2 },
        { "floor_divide", () => D(-7).floor_divide(D(2)), -4 },
        { "floor_divide scalar", () => D(-7).floor_divide(2), -4 },
        { "remainder has the divisor's sign", () => remainder(D(-7), D(3)), 2 },
        { "remainder scalar", () => remainder(D(-7), 3), 2 },
        { "remainder_", () => D(-7).remainder_(D(3)), 2 },
        { "remainder_ scalar", () => D(-7).remainder_(3), 2 },
        { "fmod has the dividend's sign", () => fmod(D(-7), D(3)), -1 },
        { "fmod scalar", () => fmod(D(-7), 3), -1 },
        { "pow", () => pow(A, D(2, 3, 0)), 1, 8, 1 },
        { "pow scalar", () => pow(A, 2), 1, 4, 9 },
        { "pow_", () => A.pow_(D(2, 3, 0)), 1, 8, 1 },
        { "pow_ scalar", () => A.pow_(2), 1, 4, 9 },
        { "float_power", () => L(2).float_power(L(-1)), 0.5 },
        { "addcmul", () => A.addcmul(P, P, 2), 33, 52, 75 },
        { "addcmul_", () => A.addcmul_(P, P, 2), 33, 52, 75 },
        { "addcdiv", () => A.addcdiv(P, P, 2), 3, 4, 5 },
        { "addcdiv_", () => A.addcdiv_(P, P, 2), 3, 4, 5 },
        { "lerp", () => lerp(A, P, D(0, 0.5, 1)), 1, 3.5, 6 },
        { "lerp scalar", () => A.lerp(P, 0.5), 2.5, 3.5, 4.5 },
        { "lerp_", () => A.lerp_(P, D(0, 0.5, 1)), 1, 3.5, 6 },
        { "lerp_ scalar", () => A.lerp_(P, 0.5), 2.5, 3.5, 4.5 },
        { "atan2", () => atan2(D(1), D(-1)), 0.75 * Math.PI },
        { "hypot", () => D(3).hypot(D(4)), 5 },
        { "copysign", () => D(3).copysign(D(-1)), -3 },
        { "xlogy", () => D(0, 2).xlogy(D(0, 3)), 0, 2 * Math.Log(3) },
        { "logaddexp", () => D(0).logaddexp(D(0)), Math.Log(2) },
        { "maximum", () => maximum(D(1, 5), D(3, 2)), 3, 5 },
        { "minimum", () => minimum(D(1, 5), D(3, 2)), 1, 2 },
        { "maximum passes NaN on", () => maximum(D(double.NaN), D(3)), double.NaN },
        { "fmax ignores NaN", () => D(double.NaN).fmax(D(3)), 3 },
        { "fmin ignores NaN", () => D(double.NaN).fmin(D(3)), 3 },
        { "clamp", () => clamp(D(-1, 2, 9), 0, 5), 0, 2, 5 },
        { "clamp tensors", () => clamp(D(-1, 2, 9), D(0, 3, 0), D(5, 5, 5)), 0, 3, 5 },
        { "clamp below only", () => D(-1, 2).clamp(min: 0), 0, 2 },
        { "clamp_", () => D(-1, 2, 9).clamp_(0, 5), 0, 2, 5 },
        { "clamp_ tensors", () => D(-1, 2, 9).clamp_(D(0, 3, 0), D(5, 5, 5)), 0, 3, 5 },
        { "clip", () => clip(D(-1, 2, 9), 0, 5), 0, 2, 5 },
        { "clamp_min", () => D(-1, 2).clamp_min(0), 0, 2 },
        { "clamp_max", () => D(-1, 2).clamp_max(0), -1, 0 },
        { "clamp_min_", () => D(-1, 2).clamp_min_(0), 0, 2 },
        { "clamp_max_", () => D(-1, 2).clamp_max_(0), -1, 0 },
        { "bitwise_and", () => L(6).bitwise_and(L(3)), 2 },
        { "bitwise_or", () => L(6).bitwise_or(L(3)), 7 },
        { "bitwise_xor", () => L(6).bitwise_xor(L(3)), 5 },
        { "bitwise_not", () => L(6).bitwise_not(), -7 },
        { "+", () => A + P, 5, 7, 9 },
        { "+ int", () => A + 1, 2, 3, 4 },
        { "+ long", () => A + 1L, 2, 3, 4 },
        { "+ float", () => A + 1f, 2, 3, 4 },
        { "+ double", () => A + 1.0, 2, 3, 4 },
        { "+ Scalar", () => A + (Scalar)1, 2, 3, 4 },
        { "int +", () => 1 + A, 2, 3, 4 },
        { "long +", () => 1L + A, 2, 3, 4 },
        { "float +", () => 1f + A, 2, 3, 4 },
        { "double +", () => 1.0 + A, 2, 3, 4 },
        { "-", () => A - P, -3, -3, -3 },
        { "- int", () => A - 1, 0, 1, 2 },
        { "- long", () => A - 1L, 0, 1, 2 },
        { "- float", () => A - 1f, 0, 1, 2 },
        { "- double", () => A - 1.0, 0, 1, 2 },
        { "- Scalar", () => A - (Scalar)1, 0, 1, 2 },
        { "int -", () => 1 - A, 0, -1, -2 },
        { "long -", () => 1L - A, 0, -1, -2 },
        { "float -", () => 1f - A, 0, -1, -2 },
        { "double -", () => 1.0 - A, 0, -1, -2 },
        { "unary -", () => -A, -1, -2, -3 },
        { "*", () => A * P, 4, 10, 18 },
        { "* int", () => A * 2, 2, 4, 6 },
        { "* long", () => A * 2L, 2, 4, 6 },
        { "* float", () => A * 2f, 2, 4, 6 },
        { "* double", () => A * 2.0, 2, 4, 6 },
        { "int *", () => 2 * A, 2, 4, 6 },
        { "long *", () => 2L * A, 2, 4, 6 },
        { "float *", () => 2f * A, 2, 4, 6 },
        { "double *", () => 2.0 * A, 2, 4, 6 },
        { "/", () => P / A, 4, 2.5, 2 },
        { "/ int", () => A / 2, 0.5, 1, 1.5 },
        { "/ long", () => A / 2L, 0.5, 1, 1.5 },
        { "/ float", () => A / 2f, 0.5, 1, 1.5 },
        { "/ double", () => A / 2.0, 0.5, 1, 1.5 },
        { "int /", () => 6 / A, 6, 3, 2 },
        { "long /", () => 6L / A, 6, 3, 2 },
        { "float /", () => 6f / A, 6, 3, 2 },
        { "double /", () => 6.0 / A, 6, 3, 2 },
        { "%", () => D(-7) % D(3), 2 },
        { "% int", () => D(-7) % 3, 2 },
        { "% long", () => D(-7) % 3L, 2 },
        { "% float", () => D(-7) % 3f, 2 },
        { "% double", () => D(-7) % 3.0, 2 },
        { "&", () => B(true, true) & B(true, false), 1, 0 },
        { "|", () => B(false, true) | B(false, false), 0, 1 },
        { "^", () => B(true, true) ^ B(true, false), 0, 1 },
        { "~", () => ~B(true, false), 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void An_entry_gives_the_value_computed_by_hand(Case entry) => entry.Check();

    [Fact]
    public void An_in_place_operation_returns_its_own_tensor()
    {
        using var scope = NewDisposeScope();
        var x = A;
        Assert.Same(x, x.add_(1));
        Assert.Same(x, x.mul_(P));
        Assert.Same(x, x.clamp_(min: 0));
    }

    [Fact]
    public void A_number_does_not_widen_a_tensor_of_the_same_kind()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 1, 2 });
        Assert.Equal(ScalarType.Float32, (x * 2.5).dtype);
        Assert.Equal(ScalarType.Float32, (1 / x).dtype);
        Assert.Equal(ScalarType.Float32, (2.0 - x).dtype);
        Assert.Equal(ScalarType.Int32, (tensor(new[] { 1, 2 }) * 2L).dtype);
        Assert.Equal(ScalarType.Float32, (tensor(new[] { 1, 2 }) * 0.5).dtype);
    }
}
