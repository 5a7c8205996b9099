using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class GradientTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Parameter a = Parameter(tensor([1.0, 2.0]));
    private readonly Parameter b = Parameter(tensor([3.0]));

    public GradientTests()
    {
        a.grad = tensor([3.0, 0.0]);
        b.grad = tensor([-4.0]);
    }

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Gradients_are_scaled_down_to_a_norm_taken_together()
    {
        Assert.Equal(5, utils.clip_grad_norm_([a, b], 1));
        Close.To([0.6, 0], a.grad!, 1e-6);
        Close.To([-0.8], b.grad!, 1e-6);
    }

    [Fact]
    public void Gradients_below_the_norm_stay_and_any_norm_may_be_taken()
    {
        Assert.Equal(4, utils.clip_grad_norm_([a, b], 10, double.PositiveInfinity));
        Assert.Equal(7, utils.clip_grad_norm_([a, b], 10, 1), 12);
        Close.To([3, 0], a.grad!, 0);
        Assert.Equal(0, utils.clip_grad_norm_([Parameter(ones(1))], 1));
    }

    [Fact]
    public void Gradients_are_held_within_a_value()
    {
        utils.clip_grad_value_([a, b], 2);
        Close.To([2, 0], a.grad!, 0);
        Close.To([-2], b.grad!, 0);
    }

    [Fact]
    public void Parameters_go_into_a_vector_and_come_back()
    {
        var vector = utils.parameters_to_vector([a, b]);
        Close.To([1, 2, 3], vector, 0);
        utils.vector_to_parameters(tensor([7.0, 8.0, 9.0]), [a, b]);
        Close.To([7, 8], a, 0);
        Close.To([9], b, 0);
        Assert.True(a.requires_grad);
        Assert.Throws<ArgumentException>(() => utils.vector_to_parameters(ones(2), [a, b]));
    }

    [Fact]
    public void Folding_linear_and_batch_norm_gives_the_same_numbers()
    {
        using var linear = Linear(3, 2, dtype: ScalarType.Float64);
        using var bn = BatchNorm1d(2, dtype: ScalarType.Float64);
        bn.call(Close.Input(5, 2) * 3);
        init.uniform_(bn.weight, 0.5, 2);
        Assert.Throws<InvalidOperationException>(() => utils.fuse_linear_bn_eval(linear, bn));
        linear.eval();
        bn.eval();
        using var fused = utils.fuse_linear_bn_eval(linear, bn);
        var input = Close.Input(4, 3);
        Close.To(bn.call(linear.call(input)), fused.call(input), 1e-12);
    }
}
