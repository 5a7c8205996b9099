using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public class LifetimeTests
{
    [Fact]
    public void A_disposed_module_leaves_nothing()
    {
        var before = Settled.Count();
        using (var net = new Net())
        using (var input = rand(2, 1, 4, 4))
        using (net.call(input)) Assert.True(Tensor.TotalCount > before);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Every_layer_disposes_all_it_made()
    {
        var before = Settled.Count();
        foreach (var make in Layers()) make().Dispose();
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_layer_built_inside_a_scope_survives_it()
    {
        foreach (var make in Layers())
        {
            Module layer;
            using (var scope = NewDisposeScope())
            {
                layer = make();
                Assert.Equal(0, scope.DisposablesCount);
            }
            Assert.All(layer.state_dict().Values, tensor => Assert.False(tensor.IsInvalid));
            layer.Dispose();
        }
    }

    private static IEnumerable<Func<Module>> Layers() =>
    [
        () => Linear(2, 3), () => Bilinear(2, 3, 4), () => Conv1d(2, 2, 3), () => Conv2d(2, 2, 3), () => Conv3d(2, 2, 3),
        () => ConvTranspose1d(2, 2, 3), () => ConvTranspose2d(2, 2, 3), () => ConvTranspose3d(2, 2, 3),
        () => BatchNorm1d(2), () => BatchNorm2d(2), () => BatchNorm3d(2), () => InstanceNorm2d(2, affine: true, track_running_stats: true),
        () => LayerNorm(4), () => GroupNorm(2, 4), () => Embedding(5, 3, padding_idx: 1), () => PReLU(3),
        () => MultiheadAttention(4, 2, add_bias_kv: true, kdim: 3),
    ];

    [Fact]
    public void A_parameter_takes_the_place_of_its_tensor()
    {
        using var scope = NewDisposeScope();
        var data = ones(2);
        var parameter = Parameter(data);
        Assert.True(data.IsInvalid);
        Assert.True(scope.Contains(parameter));
        Assert.Equal(1, scope.DisposablesCount);
        Assert.True(parameter.requires_grad);
        Assert.False(Parameter(ones(1), requires_grad: false).requires_grad);
    }

    [Fact]
    public void A_parameter_made_of_a_tensor_outside_stays_outside()
    {
        using var data = ones(2);
        Parameter parameter;
        using (NewDisposeScope()) parameter = Parameter(data.alias().DetachFromDisposeScope());
        Assert.False(parameter.IsInvalid);
        parameter.Dispose();
    }

    [Fact]
    public void A_parameter_made_of_a_result_is_a_leaf()
    {
        using var scope = NewDisposeScope();
        var parameter = Parameter(ones(2, requires_grad: true) * 3);
        Assert.True(parameter.is_leaf);
        Close.To([3, 3], parameter);
    }

    [Fact]
    public void Replacing_a_weight_disposes_the_old_one_and_registers_the_new_one()
    {
        using var scope = NewDisposeScope();
        using var linear = Linear(2, 1);
        var old = linear.weight;
        linear.weight = Parameter(zeros(1, 2));
        Assert.True(old.IsInvalid);
        Assert.Same(linear.weight, linear.get_parameter("weight"));
        linear.bias = null;
        Assert.Equal(["weight"], linear.state_dict().Keys);
        Close.To([0], linear.call(ones(1, 2)));
    }

    [Fact]
    public void A_conversion_replaces_parameters_in_fields_and_keeps_shared_ones_shared()
    {
        using var scope = NewDisposeScope();
        using var net = new Net();
        using var tied = Linear((Parameter)net.get_parameter("fc.weight")!);
        net.register_module("tied", tied);
        var old = net.get_parameter("fc.weight")!;
        Assert.Same(net, net.@double());
        Assert.True(old.IsInvalid);
        Assert.Same(net.get_parameter("fc.weight"), tied.weight);
        Assert.All(net.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Assert.Equal(ScalarType.Int64, net.get_buffer("layers.first.bn.num_batches_tracked")!.dtype);
        Assert.Equal(ScalarType.Float64, net.call(Close.Input(2, 1, 4, 4)).dtype);
    }

    [Fact]
    public void A_conversion_that_changes_nothing_keeps_the_parameters()
    {
        using var linear = Linear(2, 1);
        var weight = linear.weight;
        Assert.Same(weight, linear.@float().cpu().to("cpu").weight);
    }

    [Fact]
    public void A_conversion_keeps_the_gradient_and_whether_one_is_wanted()
    {
        using var scope = NewDisposeScope();
        using var linear = Linear(2, 1);
        linear.bias!.requires_grad = false;
        linear.call(ones(1, 2)).sum().backward();
        linear.@double();
        Close.To([1, 1], linear.weight.grad!);
        Assert.Equal(ScalarType.Float64, linear.weight.grad!.dtype);
        Assert.False(linear.bias!.requires_grad);
    }

    [Fact]
    public void A_conversion_to_integers_is_refused()
    {
        using var linear = Linear(2, 1);
        Assert.Throws<ArgumentException>(() => linear.@int());
        Assert.Throws<ArgumentException>(() => linear.to(ScalarType.Bool));
    }

    [Fact]
    public void Gradients_are_forgotten_or_zeroed()
    {
        using var scope = NewDisposeScope();
        using var linear = Linear(2, 1);
        linear.call(ones(1, 2)).sum().backward();
        linear.zero_grad(set_to_none: false);
        Close.To([0, 0], linear.weight.grad!);
        linear.zero_grad();
        Assert.Null(linear.weight.grad);
    }
}
