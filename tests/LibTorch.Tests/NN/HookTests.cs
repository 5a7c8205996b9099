using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

public sealed class HookTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    private sealed class Double : Module<Tensor, Tensor>
    {
        public List<string> Log { get; } = [];

        public Double() : base(nameof(Double)) { }

        public override Tensor forward(Tensor input)
        {
            Log.Add("forward");
            return input * 2;
        }
    }

    [Fact]
    public void Hooks_run_around_forward_in_the_order_of_their_registration()
    {
        using var module = new Double();
        module.register_forward_hook(_ => module.Log.Add("module after"));
        module.register_forward_hook((m, x, y) => Logged("after 1", y));
        module.register_forward_hook((m, x, y) => Logged("after 2", null!));
        module.register_forward_pre_hook((m, x) => Logged("before", null!));
        module.register_forward_pre_hook(_ => module.Log.Add("module before"));
        module.call(ones(1));
        Assert.Equal(["module before", "before", "forward", "after 1", "after 2", "module after"], module.Log);

        Tensor Logged(string line, Tensor result)
        {
            module.Log.Add(line);
            return result;
        }
    }

    [Fact]
    public void Forward_runs_no_hook()
    {
        using var module = new Double();
        module.register_forward_hook((m, x, y) => throw new InvalidOperationException("The hook ran."));
        Close.To([2], module.forward(ones(1)));
        Assert.Throws<InvalidOperationException>(() => module.call(ones(1)));
    }

    [Fact]
    public void What_a_hook_returns_replaces_the_input_or_the_output_and_null_keeps_it()
    {
        using var module = new Double();
        var before = module.register_forward_pre_hook((m, x) => x + 1);
        Close.To([4], module.call(ones(1)));
        var after = module.register_forward_hook((m, x, y) => x + (10 * y));
        Close.To([42], module.call(ones(1)));
        module.register_forward_hook((m, x, y) => null!);
        module.register_forward_pre_hook((m, x) => null!);
        Close.To([42], module.call(ones(1)));
        before.remove();
        Close.To([21], module.call(ones(1)));
        after.remove();
        after.remove();
        Close.To([2], module.call(ones(1)));
    }

    [Fact]
    public void Order_survives_the_removal_of_an_older_hook()
    {
        using var module = new Double();
        var first = module.register_forward_hook((m, x, y) => y + 1);
        module.register_forward_hook((m, x, y) => y * 3);
        first.remove();
        module.register_forward_hook((m, x, y) => y + 1);
        Close.To([7], module.call(ones(1)));
    }

    [Fact]
    public void A_hook_may_remove_itself_and_add_others_while_it_runs()
    {
        using var module = new Double();
        HookableModule<Func<Module<Tensor, Tensor>, Tensor, Tensor>, Func<Module<Tensor, Tensor>, Tensor, Tensor, Tensor>>.HookRemover? self = null;
        self = module.register_forward_hook((m, x, y) =>
        {
            self!.remove();
            module.register_forward_hook((_, _, z) => z + 5);
            return y + 1;
        });
        Close.To([3], module.call(ones(1)));
        Close.To([7], module.call(ones(1)));
    }

    [Fact]
    public void Modules_of_two_inputs_hand_both_to_their_hooks()
    {
        using var loss = MSELoss();
        loss.register_forward_pre_hook((m, input, target) => (input * 2, target));
        loss.register_forward_hook((m, input, target, result) => result + input.sum());
        Close.To([1 + 2], loss.call(ones(1), ones(1)));
    }

    [Fact]
    public void An_alias_kept_by_a_hook_gives_the_gradient_at_its_layer()
    {
        using var net = Sequential(Linear(2, 2), ReLU(), Linear(2, 1));
        Tensor? kept = null;
        ((ReLU)net[1]).register_forward_hook((m, x, y) =>
        {
            kept = y.alias();
            kept.retain_grad();
            return kept.alias();
        });
        net.call(ones(3, 2)).sum().backward();
        var head = ((Linear)net[2]).weight;
        Close.To(head.expand(3, 2), kept!.grad!);
    }

    [Fact]
    public void A_leaf_returned_by_a_hook_cuts_the_graph()
    {
        using var net = Sequential(Linear(2, 2), Linear(2, 1));
        Tensor? leaf = null;
        ((Linear)net[0]).register_forward_hook((m, x, y) => (leaf = y.detach().requires_grad_(true)).alias());
        net.call(ones(1, 2)).sum().backward();
        Assert.NotNull(leaf!.grad);
        Assert.Null(((Linear)net[0]).weight.grad);
    }
}
