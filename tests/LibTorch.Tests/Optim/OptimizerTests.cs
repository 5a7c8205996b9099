using TorchSharp.Modules;
using TorchSharp.Tests.NN;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Optim;

/// <summary>Every optimizer against its algorithm written out for one number.</summary>
public sealed class OptimizerTests : IDisposable
{
    private static readonly double[] gradients = [0.5, -1.5, 2, 0.25, -0.75, 1, 0, 3];
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Parameter parameter = Parameter(tensor([1.0, -2.0]));

    public void Dispose() => scope.Dispose();

    /// <summary>Steps along given gradients; the replica is told the gradient and the value, and gives the next value.</summary>
    private void Follows(optim.Optimizer optimizer, params Func<double, double, double>[] replicas)
    {
        double[] values = [1, -2];
        foreach (var gradient in gradients)
        {
            parameter.grad = tensor([gradient, -2 * gradient]);
            optimizer.step();
            values = [replicas[0](gradient, values[0]), replicas[1](-2 * gradient, values[1])];
            Close.To(values, parameter, 1e-12);
        }
        optimizer.Dispose();
    }

    [Theory]
    [InlineData(0, 0, 0, false, false)]
    [InlineData(0, 0, 0.1, false, true)]
    [InlineData(0.9, 0, 0, false, false)]
    [InlineData(0.9, 0.3, 0.1, false, false)]
    [InlineData(0.9, 0, 0.1, true, false)]
    public void Gradient_descent(double momentum, double dampening, double decay, bool nesterov, bool maximize)
    {
        Func<double, double, double> Replica()
        {
            double? velocity = null;
            return (g, p) =>
            {
                g = (maximize ? -g : g) + (decay * p);
                velocity = velocity is null ? g : (momentum * velocity) + ((1 - dampening) * g);
                var step = momentum == 0 ? g : nesterov ? g + (momentum * velocity.Value) : velocity.Value;
                return p - (0.1 * step);
            };
        }
        Follows(optim.SGD([parameter], 0.1, momentum, dampening, decay, nesterov, maximize), Replica(), Replica());
    }

    [Theory]
    [InlineData(0, false, false, false)]
    [InlineData(0.1, true, false, true)]
    [InlineData(0, false, true, false)]
    [InlineData(0.1, true, true, false)]
    [InlineData(0.1, false, true, true)]
    public void Adam_and_its_kin(double decay, bool amsgrad, bool decoupled, bool maximize)
    {
        Func<double, double, double> Replica()
        {
            var (first, second, most, t) = (0.0, 0.0, 0.0, 0);
            return (g, p) =>
            {
                t++;
                g = maximize ? -g : g;
                if (decoupled) p *= 1 - (0.05 * decay);
                else g += decay * p;
                first = (0.8 * first) + (0.2 * g);
                second = (0.95 * second) + (0.05 * g * g);
                most = Math.Max(most, second);
                var root = Math.Sqrt(amsgrad ? most : second) / Math.Sqrt(1 - Math.Pow(0.95, t));
                return p - (0.05 / (1 - Math.Pow(0.8, t)) * first / (root + 1e-6));
            };
        }
        Follows(
            decoupled
                ? optim.AdamW([parameter], 0.05, 0.8, 0.95, 1e-6, decay, amsgrad, maximize)
                : optim.Adam([parameter], 0.05, 0.8, 0.95, 1e-6, decay, amsgrad, maximize),
            Replica(), Replica());
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0.9, 0.1, false)]
    [InlineData(0, 0, true)]
    [InlineData(0.9, 0.1, true)]
    public void Root_mean_square(double momentum, double decay, bool centered)
    {
        Func<double, double, double> Replica()
        {
            var (square, mean, buffer) = (0.0, 0.0, 0.0);
            return (g, p) =>
            {
                g += decay * p;
                square = (0.9 * square) + (0.1 * g * g);
                mean = (0.9 * mean) + (0.1 * g);
                var root = Math.Sqrt(centered ? square - (mean * mean) : square) + 1e-6;
                buffer = (momentum * buffer) + (g / root);
                return p - (0.05 * (momentum == 0 ? g / root : buffer));
            };
        }
        Follows(optim.RMSProp([parameter], 0.05, 0.9, 1e-6, decay, momentum, centered), Replica(), Replica());
    }

    [Fact]
    public void Groups_have_options_of_their_own_and_inherit_the_rest()
    {
        var other = Parameter(tensor([1.0]));
        using var optimizer = optim.SGD([new SGD.ParamGroup([parameter]), new SGD.ParamGroup([other], new SGD.Options { LearningRate = 1 })], 0.1);
        (parameter.grad, other.grad) = (ones(2, ScalarType.Float64), ones(1, ScalarType.Float64));
        optimizer.step();
        Close.To([0.9, -2.1], parameter, 1e-12);
        Close.To([0], other, 1e-12);
        Assert.Equal([0.1, 1], optimizer.ParamGroups.Select(group => group.LearningRate));
        optimizer.ParamGroups.First().LearningRate = 2;
        optimizer.step();
        Close.To([-1.1, -4.1], parameter, 1e-12);
        Assert.Throws<ArgumentException>(() => optimizer.add_param_group(new SGD.ParamGroup([other])));
    }

    [Fact]
    public void A_parameter_without_a_gradient_stays()
    {
        using var optimizer = optim.Adam([("p", parameter)]);
        optimizer.step();
        Close.To([1, -2], parameter, 0);
    }

    [Fact]
    public void A_closure_computes_the_loss_again_with_gradients_on()
    {
        using var optimizer = optim.SGD([parameter], 0.25);
        using var _ = no_grad();
        var loss = optimizer.step(() =>
        {
            optimizer.zero_grad();
            var error = parameter.square().sum();
            error.backward();
            return error;
        });
        Assert.Equal(5, loss.ToDouble());
        Close.To([0.5, -1], parameter, 1e-12);
    }

    [Fact]
    public void Steps_leave_only_the_state_and_disposal_not_even_that()
    {
        parameter.DetachFromDisposeScope();
        parameter.grad = ones(2, ScalarType.Float64);
        var before = Settled.Count();
        using (var optimizer = optim.Adam([parameter], amsgrad: true))
        {
            using (NewDisposeScope()) optimizer.step();
            Assert.Equal(before + 3, Tensor.TotalCount);
            for (var i = 0; i < 5; i++) optimizer.step();
            Assert.Equal(before + 3, Tensor.TotalCount);
            optimizer.zero_grad();
            Assert.Null(parameter.grad);
        }
        Assert.Equal(before, Tensor.TotalCount);
        parameter.Dispose();
    }

    [Fact]
    public void Limited_memory_steps_reach_the_least_point_of_a_curved_valley()
    {
        using var optimizer = optim.LBFGS([parameter], lr: 0.5, max_iter: 100, history_size: 5);
        var calls = 0;
        Tensor Valley()
        {
            calls++;
            optimizer.zero_grad();
            var (x, y) = (parameter[0], parameter[1]);
            var height = (x - 3).square() + (10 * (y - (x / 2)).square());
            height.backward();
            return height;
        }
        var before = optimizer.step(Valley).ToDouble();
        Assert.Equal(4 + 62.5, before, 12);
        Close.To([3, 1.5], parameter, 1e-4);
        Assert.InRange(calls, 2, 60);
        Assert.Throws<ArgumentNullException>(() => optimizer.step());
    }

    [Fact]
    public void The_first_limited_memory_step_goes_down_the_gradient_at_most_a_unit_long()
    {
        using var optimizer = optim.LBFGS([("p", parameter)], lr: 0.5, max_iter: 1);
        optimizer.step(() =>
        {
            optimizer.zero_grad();
            var error = (parameter * tensor([3.0, 1.0])).sum();
            error.backward();
            return error;
        });
        Close.To([1 - (0.5 / 4 * 3), -2 - (0.5 / 4)], parameter, 1e-12);
    }

    [Fact]
    public void Impossible_options_are_refused()
    {
        Assert.Throws<ArgumentException>(() => optim.SGD([parameter], -1));
        Assert.Throws<ArgumentException>(() => optim.SGD([parameter], 1, nesterov: true));
        Assert.Throws<ArgumentException>(() => optim.Adam([parameter], beta1: 1));
        Assert.Throws<ArgumentException>(() => optim.RMSProp([parameter], eps: -1));
    }

    [Fact]
    public void A_saved_state_continues_as_if_nothing_had_happened()
    {
        var twin = Parameter(tensor([1.0, -2.0]));
        using var first = optim.Adam([parameter], 0.1, amsgrad: true);
        using var second = optim.Adam([twin], 0.7);
        Step(first, parameter, 3);
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true)) first.save_state_dict(writer);
        stream.Position = 0;
        using (var reader = new BinaryReader(stream)) second.load_state_dict(reader);
        using (no_grad()) twin.copy_(parameter);
        Step(first, parameter, 2);
        Step(second, twin, 2);
        Assert.Equal(Close.Numbers(parameter), Close.Numbers(twin));

        static void Step(optim.Optimizer optimizer, Parameter parameter, int times)
        {
            for (var i = 0; i < times; i++)
            {
                parameter.grad = tensor([i + 1.0, -0.5]);
                optimizer.step();
            }
        }
    }

    [Fact]
    public void A_state_of_another_kind_or_size_is_refused()
    {
        using var adam = optim.Adam([parameter]);
        using var sgd = optim.SGD([parameter], 0.1);
        using var two = optim.Adam([parameter, Parameter(ones(1))]);
        using var shape = optim.Adam([Parameter(ones(3))]);
        parameter.grad = ones(2, ScalarType.Float64);
        adam.step();
        Assert.Throws<ArgumentException>(() => sgd.load_state_dict(adam.state_dict()));
        Assert.Throws<ArgumentException>(() => two.load_state_dict(adam.state_dict()));
        Assert.Throws<ArgumentException>(() => shape.load_state_dict(adam.state_dict()));
    }
}
