using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class ActivationTests : IDisposable
{
    private static readonly double[] points = [-30, -7, -4, -1.5, -0.6, -0.5, -0.1, 0, 0.1, 0.5, 0.6, 1.5, 4, 7, 30];
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    private static double Sigma(double x) => 1 / (1 + Math.Exp(-x));

    private static double Elu(double x, double alpha) => x > 0 ? x : alpha * (Math.Exp(x) - 1);

    /// <summary>Φ by Simpson's rule.</summary>
    private static double Phi(double x)
    {
        const int steps = 20000;
        var h = x / steps;
        var sum = Enumerable.Range(0, steps + 1).Sum(i => (i is 0 or steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-(i * h) * (i * h) / 2));
        return 0.5 + (sum * h / 3 / Math.Sqrt(2 * Math.PI));
    }

    public static TheoryData<string> Names => [.. Cases().Keys];

    private static Dictionary<string, (Func<Module<Tensor, Tensor>> Layer, Func<double, double> Formula)> Cases() => new()
    {
        ["ReLU"] = (() => ReLU(), x => Math.Max(0, x)),
        ["ReLU6"] = (() => ReLU6(), x => Math.Clamp(x, 0, 6)),
        ["LeakyReLU"] = (() => LeakyReLU(0.2), x => x > 0 ? x : 0.2 * x),
        ["ELU"] = (() => ELU(1.5), x => Elu(x, 1.5)),
        ["CELU"] = (() => CELU(1.5), x => x > 0 ? x : 1.5 * (Math.Exp(x / 1.5) - 1)),
        ["SELU"] = (() => SELU(), x => 1.0507009873554805 * Elu(x, 1.6732632423543772)),
        ["GELU"] = (() => GELU(), x => x * Phi(x)),
        ["GELU tanh"] = (() => GELU(Modules.GELU.Approximate.tanh), x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))))),
        ["SiLU"] = (() => SiLU(), x => x * Sigma(x)),
        ["Mish"] = (() => Mish(), x => x * Math.Tanh(Math.Log(1 + Math.Exp(x)))),
        ["Sigmoid"] = (() => Sigmoid(), Sigma),
        ["LogSigmoid"] = (() => LogSigmoid(), x => x < -20 ? x : Math.Log(Sigma(x))),
        ["Tanh"] = (() => Tanh(), Math.Tanh),
        ["Tanhshrink"] = (() => Tanhshrink(), x => x - Math.Tanh(x)),
        ["Softplus"] = (() => Softplus(2, 10), x => 2 * x > 10 ? x : Math.Log(1 + Math.Exp(2 * x)) / 2),
        ["Softsign"] = (() => Softsign(), x => x / (1 + Math.Abs(x))),
        ["Softshrink"] = (() => Softshrink(), x => Math.Sign(x) * Math.Max(Math.Abs(x) - 0.5, 0)),
        ["Hardshrink"] = (() => Hardshrink(), x => Math.Abs(x) <= 0.5 ? 0 : x),
        ["Hardsigmoid"] = (() => Hardsigmoid(), x => Math.Clamp((x / 6) + 0.5, 0, 1)),
        ["Hardswish"] = (() => Hardswish(), x => x * Math.Clamp((x / 6) + 0.5, 0, 1)),
        ["Hardtanh"] = (() => Hardtanh(-2, 3), x => Math.Clamp(x, -2, 3)),
        ["Threshold"] = (() => Threshold(0.5, 9), x => x > 0.5 ? x : 9),
        ["PReLU"] = (() => PReLU(1, 0.3, dtype: ScalarType.Float64), x => x > 0 ? x : 0.3 * x),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void An_activation_is_its_formula(string name)
    {
        var (layer, formula) = Cases()[name];
        using var module = layer();
        var input = tensor(points);
        Close.To(points.Select(formula), module.call(input), 1e-9);
        Close.To(points, input, 0);
    }

    [Fact]
    public void An_in_place_activation_writes_to_its_input_and_gives_another_handle()
    {
        foreach (var layer in new Module<Tensor, Tensor>[]
                 { ReLU(true), ReLU6(true), LeakyReLU(0.2, true), ELU(1.5, true), SELU(true), CELU(1, true), SiLU(true), Mish(true), GELU(true), Sigmoid(true), Tanh(true), Hardsigmoid(true), Hardswish(true), Hardtanh(inplace: true), Threshold(0, 1, true) })
        {
            var input = tensor(points);
            var output = layer.call(input);
            Assert.NotSame(input, output);
            Close.To(output, input, 0);
            Assert.NotEqual(points, Close.Numbers(input));
        }
    }

    [Fact]
    public void Softmax_and_its_kin_go_along_a_dimension()
    {
        var input = Close.Input(2, 3);
        var x = Close.Numbers(input);
        double Share(int i) => Math.Exp(x[i]) / Enumerable.Range(i / 3 * 3, 3).Sum(j => Math.Exp(x[j]));
        Close.To(Enumerable.Range(0, 6).Select(Share), Softmax(1).call(input), 1e-12);
        Close.To(Enumerable.Range(0, 6).Select(i => Math.Log(Share(i))), LogSoftmax(1).call(input), 1e-12);
        Close.To(Softmax(1).call(-input), Softmin(1).call(input), 1e-12);
        Close.To(Softmax(0).call(input), Softmax2d().call(input.reshape(1, 2, 3, 1)).reshape(2, 3), 1e-12);
        Close.To(x.Take(3).Select((value, i) => value * Sigma(x[i + 3])), GLU(0).call(input), 1e-12);
    }

    [Fact]
    public void A_learned_slope_gets_a_gradient_and_may_differ_by_channel()
    {
        using var layer = PReLU(2);
        layer.call(tensor([-1f, -2f]).reshape(1, 2)).sum().backward();
        Close.To([-1, -2], layer.weight.grad!, 0);
    }

    [Fact]
    public void Dropout_drops_in_training_and_scales_the_rest()
    {
        manual_seed(0);
        using var dropout = Dropout(0.25);
        var dropped = Close.Numbers(dropout.call(ones(10000)));
        Assert.All(dropped, value => Assert.True(value == 0 || Math.Abs(value - (1 / 0.75)) < 1e-6));
        Assert.Equal(0.25, dropped.Count(value => value == 0) / 10000.0, 0.02);
        dropout.eval();
        var input = ones(3);
        var kept = dropout.call(input);
        Assert.NotSame(input, kept);
        Close.To([1, 1, 1], kept, 0);
    }

    [Fact]
    public void Channel_dropout_drops_whole_channels()
    {
        manual_seed(0);
        var input = ones(8, 16, 3, 3);
        foreach (var sums in new[] { Dropout2d(0.5).call(input).sum([2L, 3L]), Dropout3d(0.5).call(input.unsqueeze(2)).sum([2L, 3L, 4L]) })
        {
            var channels = Close.Numbers(sums);
            Assert.All(channels, sum => Assert.True(sum is 0 or 18));
            Assert.Contains(0, channels);
            Assert.Contains(18, channels);
        }
    }
}
