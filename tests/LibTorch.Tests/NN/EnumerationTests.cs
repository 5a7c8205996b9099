using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class EnumerationTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Net net = new();

    public void Dispose()
    {
        net.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void Modules_come_children_first_and_then_the_descendants_of_each_without_the_root() => Assert.Equal(
        ["layers", "fc", "layers.first", "layers.second", "layers.first.conv", "layers.first.bn", "layers.second.conv", "layers.second.bn"],
        net.named_modules().Select(entry => entry.name));

    [Fact]
    public void A_module_registered_twice_comes_twice_but_its_parameters_once()
    {
        var shared = Linear(1, 1);
        using var twice = Sequential(shared, ReLU(), shared);
        Assert.Equal(["0", "1", "2"], twice.named_modules().Select(entry => entry.name));
        Assert.Equal(["0.weight", "0.bias"], twice.named_parameters().Select(entry => entry.name));
        Assert.Equal(["0.weight", "0.bias", "2.weight", "2.bias"], twice.state_dict().Keys);
    }

    [Fact]
    public void Parameters_come_own_first_and_then_in_depth() => Assert.Equal(
        ["scale", "layers.first.conv.weight", "layers.first.bn.weight", "layers.first.bn.bias",
            "layers.second.conv.weight", "layers.second.bn.weight", "layers.second.bn.bias", "fc.weight", "fc.bias"],
        net.named_parameters().Select(entry => entry.name));

    [Fact]
    public void The_state_is_all_parameters_and_then_all_buffers_and_holds_the_live_tensors()
    {
        var state = net.state_dict();
        Assert.Equal(net.named_parameters().Select(entry => entry.name).Concat(net.named_buffers().Select(entry => entry.name)), state.Keys);
        Assert.Equal(["offset", "layers.first.bn.running_mean", "layers.first.bn.running_var", "layers.first.bn.num_batches_tracked"], state.Keys.Skip(9).Take(4));
        Assert.Same(net.get_parameter("fc.weight"), state["fc.weight"]);
    }

    [Fact]
    public void Without_recursion_only_own_ones_come()
    {
        Assert.Equal(["scale"], net.named_parameters(recurse: false).Select(entry => entry.name));
        Assert.Equal(["offset"], net.named_buffers(recurse: false).Select(entry => entry.name));
    }

    [Fact]
    public void A_buffer_that_is_not_persistent_is_no_state()
    {
        net.register_buffer("cache", zeros(1), persistent: false);
        Assert.True(net.has_buffer("cache"));
        Assert.DoesNotContain("cache", net.state_dict().Keys);
    }

    [Fact]
    public void Paths_lead_to_parameters_and_buffers_and_nowhere_else()
    {
        Assert.Equal([2L, 1L, 3L, 3L], net.get_parameter("layers.first.conv.weight")!.shape);
        Assert.True(net.has_buffer("layers.second.bn.running_var"));
        Assert.Null(net.get_parameter("layers.first.conv.bias"));
        Assert.False(net.has_parameter("offset"));
    }

    [Fact]
    public void Training_and_evaluation_reach_every_descendant_and_apply_goes_from_the_leaves_up()
    {
        Assert.All(net.modules(), module => Assert.True(module.training));
        net.eval();
        Assert.All(net.modules().Append(net), module => Assert.False(module.training));
        var order = new List<string>();
        net.apply(module => order.Add(module.GetName()));
        Assert.Equal(["Conv2d", "BatchNorm2d", "Block", "Conv2d", "BatchNorm2d", "Block", "Sequential", "Linear", "Net"], order);
    }
}
