using ModelInspector.Attribution;
using ModelInspector.Attribution.Rules;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution.Rules;

public class StabiliserTests
{
    [Theory, InlineData(Composite.Epsilon), InlineData(Composite.EpsilonPlus), InlineData(Composite.Gamma), InlineData(Composite.Zero)]
    public void Sums_of_exactly_zero_divide_by_nothing_where_no_epsilon_is_wanted(Composite composite)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Mlp();
        var map = new Lrp(composite, Epsilon: 0).Attribute(model, zeros(1, 3), new ClassTarget(0), Job.Quiet());
        Assert.True(map.isfinite().all().item<bool>());
    }
}
