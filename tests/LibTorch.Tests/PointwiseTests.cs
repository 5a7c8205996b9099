using System.Reflection;
using static TorchSharp.Tests.Expect;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public class PointwiseTests
{
    private const double X = 0.3;

    public static Cases Table => new()
    {
        { "abs", () => abs(D(-2, 0, 3)), 2, 0, 3 },
        { "neg", () => neg(D(-2, 3)), 2, -3 },
        { "sign", () => sign(D(-2, 0, 3)), -1, 0, 1 },
        { "ceil", () => ceil(D(-1.5, 1.2)), -1, 2 },
        { "floor", () => floor(D(-1.5, 1.2)), -2, 1 },
        { "trunc", () => trunc(D(-1.5, 1.2)), -1, 1 },
        { "frac", () => frac(D(-1.5, 1.25)), -0.5, 0.25 },
        { "round goes to even", () => round(D(0.5, 1.5, 2.6)), 0, 2, 3 },
        { "round to decimals", () => round(D(1.236), 2), 1.24 },
        { "exp", () => exp(D(X)), Math.Exp(X) },
        { "exp2", () => exp2(D(3)), 8 },
        { "expm1", () => expm1(D(X)), Math.Exp(X) - 1 },
        { "log", () => log(D(X)), Math.Log(X) },
        { "log2", () => log2(D(8)), 3 },
        { "log10", () => log10(D(1000)), 3 },
        { "log1p", () => log1p(D(X)), Math.Log(1.3) },
        { "sqrt", () => sqrt(D(9)), 3 },
        { "rsqrt", () => rsqrt(D(4)), 0.5 },
        { "square", () => square(D(-3)), 9 },
        { "reciprocal", () => reciprocal(D(4)), 0.25 },
        { "sin", () => sin(D(X)), Math.Sin(X) },
        { "cos", () => cos(D(X)), Math.Cos(X) },
        { "tan", () => tan(D(X)), Math.Tan(X) },
        { "asin", () => asin(D(X)), Math.Asin(X) },
        { "acos", () => acos(D(X)), Math.Acos(X) },
        { "atan", () => atan(D(X)), Math.Atan(X) },
        { "sinh", () => sinh(D(X)), Math.Sinh(X) },
        { "cosh", () => cosh(D(X)), Math.Cosh(X) },
        { "tanh", () => tanh(D(X)), Math.Tanh(X) },
        { "asinh", () => asinh(D(X)), Math.Asinh(X) },
        { "acosh", () => acosh(D(1.5)), Math.Acosh(1.5) },
        { "atanh", () => atanh(D(X)), Math.Atanh(X) },
        { "erf", () => erf(D(0.5)), 0.5204998778130465 },
        { "erfc", () => erfc(D(0.5)), 1 - 0.5204998778130465 },
        { "erfinv", () => erfinv(D(0.5204998778130465)), 0.5 },
        { "sigmoid", () => sigmoid(D(0, 2)), 0.5, 1 / (1 + Math.Exp(-2)) },
        { "logit", () => logit(D(0.8)), Math.Log(4) },
        { "digamma", () => digamma(D(1)), -0.57721566490153286 },
        { "lgamma", () => lgamma(D(5)), Math.Log(24) },
        { "i0", () => i0(D(0)), 1 },
        { "sinc", () => sinc(D(0, 0.5)), 1, 2 / Math.PI },
        { "deg2rad", () => deg2rad(D(180)), Math.PI },
        { "rad2deg", () => rad2deg(D(Math.PI)), 180 },
        { "positive", () => D(-2).positive(), -2 },
        { "signbit", () => D(-2, 2).signbit(), 1, 0 },
        { "angle", () => D(-2, 2).angle(), Math.PI, 0 },
        { "conj", () => complex(D(1), D(2)).conj().imag.clone(), -2 },
        { "real", () => complex(D(1), D(2)).real, 1 },
        { "imag", () => complex(D(1), D(2)).imag, 2 },
        { "nan_to_num", () => nan_to_num(D(double.NaN, double.PositiveInfinity, double.NegativeInfinity), 7, 8, 9), 7, 8, 9 },
        { "relu", () => relu(D(-1, 2)), 0, 2 },
        { "relu6", () => D(-1, 2, 9).relu6(), 0, 2, 6 },
        { "leaky_relu", () => D(-10, 2).leaky_relu(0.1), -1, 2 },
        { "prelu", () => D(-10, 2).prelu(D(0.25)), -2.5, 2 },
        { "elu", () => D(-1, 2).elu(2), 2 * (Math.Exp(-1) - 1), 2 },
        { "elu with scales", () => D(-1, 2).elu(2, 3, 1), 6 * (Math.Exp(-1) - 1), 6 },
        { "elu_", () => D(-1, 2).elu_(2), 2 * (Math.Exp(-1) - 1), 2 },
        { "leaky_relu_", () => D(-10, 2).leaky_relu_(0.1), -1, 2 },
        { "round_", () => D(1.236).round_(2), 1.24 },
        { "celu", () => D(-1, 2).celu(2), 2 * (Math.Exp(-0.5) - 1), 2 },
        { "selu", () => D(1).selu(), 1.0507009873554805 },
        { "gelu", () => D(1).gelu(), 0.5 * (1 + 0.6826894921370859) },
        { "gelu by tanh", () => D(1).gelu(Modules.GELU.Approximate.tanh), 0.5 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * 1.044715)) },
        { "silu", () => D(2).silu(), 2 / (1 + Math.Exp(-2)) },
        { "hardsigmoid", () => D(-4, 0, 4).hardsigmoid(), 0, 0.5, 1 },
        { "hardswish", () => D(-4, 1, 4).hardswish(), 0, 4.0 / 6, 4 },
        { "hardtanh", () => D(-4, 0.5, 4).hardtanh(-1, 2), -1, 0.5, 2 },
        { "softplus", () => D(0).softplus(), Math.Log(2) },
        { "log_sigmoid", () => D(0).log_sigmoid(), -Math.Log(2) },
        { "threshold", () => D(1, 3).threshold(2, -7), -7, 3 },
        { "softmax", () => softmax(D(0, Math.Log(3)), 0), 0.25, 0.75 },
        { "log_softmax", () => D(0, Math.Log(3)).log_softmax(0), Math.Log(0.25), Math.Log(0.75) },
        { "special.digamma", () => special.digamma(D(1)), -0.57721566490153286 },
        { "special.entr", () => special.entr(D(0.5)), 0.5 * Math.Log(2) },
        { "special.erf", () => special.erf(D(0.5)), 0.5204998778130465 },
        { "special.erfc", () => special.erfc(D(0.5)), 1 - 0.5204998778130465 },
        { "special.erfcx", () => special.erfcx(D(0)), 1 },
        { "special.erfinv", () => special.erfinv(D(0.5204998778130465)), 0.5 },
        { "special.exp2", () => special.exp2(D(3)), 8 },
        { "special.expit", () => special.expit(D(0)), 0.5 },
        { "special.expm1", () => special.expm1(D(X)), Math.Exp(X) - 1 },
        { "special.gammainc", () => special.gammainc(D(1), D(2)), 1 - Math.Exp(-2) },
        { "special.gammaincc", () => special.gammaincc(D(1), D(2)), Math.Exp(-2) },
        { "special.gammaln", () => special.gammaln(D(5)), Math.Log(24) },
        { "special.i0", () => special.i0(D(0)), 1 },
        { "special.i0e", () => special.i0e(D(0)), 1 },
        { "special.i1", () => special.i1(D(0)), 0 },
        { "special.i1e", () => special.i1e(D(0)), 0 },
        { "special.log1p", () => special.log1p(D(X)), Math.Log(1.3) },
        { "special.log_softmax", () => special.log_softmax(D(0, 0), 0), -Math.Log(2), -Math.Log(2) },
        { "special.logit", () => special.logit(D(0.8)), Math.Log(4) },
        { "special.logsumexp", () => special.logsumexp(D(0, 0), 0), Math.Log(2) },
        { "special.multigammaln", () => special.multigammaln(D(5), 1), Math.Log(24) },
        { "special.ndtr", () => special.ndtr(D(0)), 0.5 },
        { "special.ndtri", () => special.ndtri(D(0.5)), 0 },
        { "special.polygamma", () => special.polygamma(1, D(1).@float()), Math.PI * Math.PI / 6 },
        { "special.psi", () => special.psi(D(1)), -0.57721566490153286 },
        { "special.round", () => special.round(D(2.6)), 3 },
        { "special.sinc", () => special.sinc(D(0.5)), 2 / Math.PI },
        { "special.softmax", () => special.softmax(D(0, 0), 0), 0.5, 0.5 },
        { "special.xlog1py", () => special.xlog1py(D(2), D(1)), 2 * Math.Log(2) },
        { "special.xlogy", () => special.xlogy(D(0, 2), D(0, 3)), 0, 2 * Math.Log(3) },
        { "special.zeta", () => special.zeta(D(2), D(1)), Math.PI * Math.PI / 6 },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void An_entry_gives_the_value_computed_by_hand(Case entry) => entry.Check();

    public static TheoryData<string> InPlaceNames => [.. typeof(Tensor).GetMethods()
        .Where(method => method.Name.EndsWith('_') && method.GetParameters().Length == 0 && method.Name is not ("detach_" or "zero_"))
        .Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(InPlaceNames))]
    public void An_in_place_form_changes_its_tensor_as_the_plain_form_would_and_returns_it(string name)
    {
        using var scope = NewDisposeScope();
        var x = D(name == "acosh_" ? 1.3 : 0.3, name == "acosh_" ? 1.7 : 0.7);
        var expected = (Tensor)Method(name[..^1]).Invoke(x, null)!;
        var changed = (Tensor)Method(name).Invoke(x, null)!;
        Assert.Same(x, changed);
        Elements(x, expected.data<double>().ToArray());
    }

    public static TheoryData<string> StaticNames => [.. typeof(torch).GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Where(method => method.ReturnType == typeof(Tensor) && method.GetParameters() is [{ ParameterType: var only }] && only == typeof(Tensor))
        .Where(method => typeof(Tensor).GetMethod(method.Name, []) is not null && !method.Name.EndsWith('_'))
        .Select(method => method.Name)];

    [Theory]
    [MemberData(nameof(StaticNames))]
    public void The_static_form_of_an_entry_with_one_argument_equals_the_method(string name)
    {
        using var scope = NewDisposeScope();
        var x = (name is "trace" or "logical_not" or "nonzero" ? M23 : D(0.5, 0.75)) + (name == "acosh" ? 1 : 0);
        var one = (Tensor)typeof(torch).GetMethod(name, [typeof(Tensor)])!.Invoke(null, [x])!;
        var other = (Tensor)Method(name).Invoke(x, null)!;
        Assert.True(one.Equals(other), name);
    }

    private static MethodInfo Method(string name) => typeof(Tensor).GetMethod(name, []) ?? typeof(Tensor).GetMethods().First(
        method => method.Name == name && method.GetParameters().All(parameter => parameter.IsOptional));
}
