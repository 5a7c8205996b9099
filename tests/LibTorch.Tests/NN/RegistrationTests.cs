using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public class RegistrationTests
{
    private class Parent : Module<Tensor, Tensor>
    {
        private readonly Parameter inherited = Parameter(ones(1));

        public Parent() : base("parent") { }

        public override Tensor forward(Tensor input) => input * inherited;
    }

    private sealed class Child : Parent
    {
        public readonly Linear open = Linear(1, 1, hasBias: false);
        [ComponentName(Name = "renamed")]
        private readonly Tensor hidden = zeros(2);
        private readonly Linear[] array = [Linear(1, 1)];
        public Linear Property { get; } = Linear(1, 1, hasBias: false);
        public Linear? late;

        public Child()
        {
            RegisterComponents();
            late = Linear(1, 1);
            RegisterComponents();
        }

        public int ArrayLength => array.Length + (int)hidden.shape[0];
    }

    [Fact]
    public void Fields_of_the_class_and_its_bases_are_found_by_kind_and_properties_under_their_compiler_given_name()
    {
        using var scope = NewDisposeScope();
        using var child = new Child();
        Assert.Equal(["open", "<Property>k__BackingField"], child.named_children().Select(entry => entry.name));
        Assert.Equal(["inherited", "open.weight", "<Property>k__BackingField.weight"], child.named_parameters().Select(entry => entry.name));
        Assert.Equal(["renamed"], child.named_buffers().Select(entry => entry.name));
    }

    [Fact]
    public void Arrays_of_modules_and_fields_assigned_after_registration_are_not_seen()
    {
        using var scope = NewDisposeScope();
        using var child = new Child();
        Assert.DoesNotContain(child.named_modules(), entry => entry.name is "array" or "late");
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("")]
    public void A_name_that_would_break_paths_is_refused(string name)
    {
        using var parent = new Parent();
        using var linear = Linear(1, 1);
        Assert.Throws<ArgumentException>(() => parent.register_module(name, linear));
        using var buffer = zeros(1);
        Assert.Throws<ArgumentException>(() => parent.register_buffer(name, buffer));
    }

    [Fact]
    public void A_name_that_is_taken_is_refused_and_null_sets_it_free()
    {
        using var parent = new Parent();
        using var first = Linear(1, 1);
        using var second = Linear(1, 1);
        parent.register_module("a", first);
        Assert.Throws<InvalidOperationException>(() => parent.register_module("a", second));
        parent.register_module("a", null!);
        Assert.Empty(parent.children());
        parent.add_module("a", second);
        Assert.Same(second, Assert.Single(parent.children()));
    }

    [Fact]
    public void A_disposed_module_takes_its_name_out()
    {
        using var parent = new Parent();
        var linear = Linear(1, 1);
        parent.register_module("a", linear);
        linear.Dispose();
        parent.register_module("a", linear);
        Assert.Empty(parent.children());
    }

    [Fact]
    public void Names_of_built_in_layers_are_their_classes()
    {
        using var scope = NewDisposeScope();
        Assert.Equal("Conv2d", Conv2d(1, 1, 1).GetName());
        Assert.Equal("Linear", Linear(1, 1).GetName());
        Assert.Equal("ReLU", ReLU().GetName());
        Assert.Equal("MSELoss", MSELoss().GetName());
        Assert.Equal("Sequential", Sequential().GetName());
        Assert.Equal("Net", new Net().GetName());
    }

    [Fact]
    public void A_layer_without_state_takes_none_in()
    {
        using var relu = ReLU();
        using var buffer = zeros(1);
        Assert.Throws<InvalidOperationException>(() => relu.register_buffer("b", buffer));
    }
}
