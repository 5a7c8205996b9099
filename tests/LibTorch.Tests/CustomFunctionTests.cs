using System.Runtime.InteropServices;
using static TorchSharp.Tests.Expect;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public class CustomFunctionTests
{
    [Fact]
    public void A_guided_relu_passes_only_positive_gradients_through_positive_activations()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { -1, 2, 3, 4 }, requires_grad: true);
        var y = GuidedRelu.apply(x);
        Elements(y, 0, 2, 3, 4);
        Assert.True(y.requires_grad);
        (y * D(1, -1, 1, 2)).sum().backward();
        Elements(x.grad!, 0, 0, 1, 2);
    }

    [Fact]
    public void A_function_can_be_applied_without_gradients()
    {
        using var scope = NewDisposeScope();
        Assert.False(GuidedRelu.apply(D(-1, 1)).requires_grad);
        using var off = no_grad();
        Assert.False(GuidedRelu.apply(tensor(new double[] { 1 }, requires_grad: true)).requires_grad);
    }

    [Fact]
    public void Arguments_that_are_no_tensors_get_null()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 1, 2 }, requires_grad: true);
        var y = Scaled.apply("by", x, 3.0);
        Elements(y, 3, 6);
        Elements(autograd.grad([y.sum()], [x])[0], 3, 3);
    }

    [Fact]
    public void A_saved_output_keeps_nothing_alive_after_the_graph()
    {
        Context.Contexts.Clear();
        Use();
        for (int k = 0; k < 3; k++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.Equal(20, Context.Contexts.Count);
        Assert.All(Context.Contexts, context => Assert.False(context.TryGetTarget(out _)));

        static void Use()
        {
            using var scope = NewDisposeScope();
            for (int k = 0; k < 20; k++)
            {
                var x = tensor(new double[] { 1 }, requires_grad: true);
                var y = Context.apply(x);
                if (k % 2 == 0) y.sum().backward();
            }
        }
    }

    [Fact]
    public void A_saved_output_has_its_place_in_the_graph()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 1, 2 }, requires_grad: true);
        var first = autograd.grad([Context.apply(x).sum()], [x], create_graph: true, retain_graph: true)[0];
        Elements(first, Math.E, Math.Exp(2));
        Elements(autograd.grad([first.sum()], [x])[0], Math.E, Math.Exp(2));
    }

    [Fact]
    public void A_function_of_several_tensors_has_several_gradients()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (tensor(new double[] { 2 }, requires_grad: true), tensor(new double[] { 3 }, requires_grad: true));
        var both = SumAndProduct.apply(x, y);
        Elements(both[0], 5);
        Elements(both[1], 6);
        var gradients = autograd.grad([both[1]], [x, y], retain_graph: true);
        Elements(gradients[0], 3);
        Elements(gradients[1], 2);
        Elements(autograd.grad([both[0] + both[1] * 10], [x])[0], 31);
    }

    [Fact]
    public void The_graph_of_a_function_can_be_freed_too()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 2 }, requires_grad: true);
        var y = GuidedRelu.apply(x).sum();
        y.backward();
        var error = Assert.Throws<ExternalException>(y.backward);
        Assert.StartsWith("Trying to backward through the graph a second time", error.Message);
    }

    [Fact]
    public void An_exception_in_backward_arrives_as_it_was_thrown()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 2 }, requires_grad: true);
        var error = Assert.Throws<InvalidOperationException>(() => Throwing.apply(x).backward());
        Assert.Equal("as intended", error.Message);
        Assert.Throws<NotImplementedException>(() => WrongCount.apply(x).backward());
        (x * 2).sum().backward();
        Elements(x.grad!, 2);
    }

    [Fact]
    public void A_native_error_in_backward_arrives_as_such()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 2, 3 }, requires_grad: true);
        Assert.Throws<ExternalException>(() => WrongShape.apply(x).sum().backward());
    }

    [Fact]
    public void A_change_in_place_can_be_declared()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 2 }, requires_grad: true);
        var y = Doubling.apply(x * 1);
        Elements(y, 4);
        Elements(autograd.grad([y.sum()], [x])[0], 2);
    }

    [Fact]
    public void An_output_can_be_declared_constant()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new double[] { 2, -1 }, requires_grad: true);
        var results = WithMask.apply(x);
        Assert.True(results[0].requires_grad);
        Assert.False(results[1].requires_grad);
    }

    private sealed class GuidedRelu : autograd.SingleTensorFunction<GuidedRelu>
    {
        public override string Name => nameof(GuidedRelu);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var input = (Tensor)vars[0];
            ctx.save_for_backward([input]);
            return input.relu();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var input = ctx.get_saved_variables()[0];
            return [grad_output.clamp(min: 0) * (input > 0).to(grad_output.dtype)];
        }
    }

    private sealed class Scaled : autograd.SingleTensorFunction<Scaled>
    {
        public override string Name => nameof(Scaled);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data("factor", vars[2]);
            return (Tensor)vars[1] * (double)vars[2];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            [null!, grad_output * (double)ctx.get_data("factor"), null!];
    }

    private sealed class Context : autograd.SingleTensorFunction<Context>
    {
        internal static List<WeakReference<autograd.AutogradContext>> Contexts { get; } = [];

        public override string Name => nameof(Context);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            Contexts.Add(new(ctx));
            var output = ((Tensor)vars[0]).exp();
            ctx.save_for_backward([output]);
            return output;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output * ctx.get_saved_variables()[0]];
    }

    private sealed class SumAndProduct : autograd.MultiTensorFunction<SumAndProduct>
    {
        public override string Name => nameof(SumAndProduct);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (x, y) = ((Tensor)vars[0], (Tensor)vars[1]);
            ctx.save_for_backward([x, y]);
            return [x + y, x * y];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            var saved = ctx.get_saved_variables();
            return [grad_outputs[0] + grad_outputs[1] * saved[1], grad_outputs[0] + grad_outputs[1] * saved[0]];
        }
    }

    private sealed class Throwing : autograd.SingleTensorFunction<Throwing>
    {
        public override string Name => nameof(Throwing);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).sum();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => throw new InvalidOperationException("as intended");
    }

    private sealed class WrongCount : autograd.SingleTensorFunction<WrongCount>
    {
        public override string Name => nameof(WrongCount);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).sum();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output, grad_output];
    }

    private sealed class WrongShape : autograd.SingleTensorFunction<WrongShape>
    {
        public override string Name => nameof(WrongShape);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]) * 2;

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [zeros(3, float64)];
    }

    private sealed class Doubling : autograd.SingleTensorFunction<Doubling>
    {
        public override string Name => nameof(Doubling);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            x.mul_(2);
            ctx.mark_dirty([x]);
            return x;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output * 2];
    }

    private sealed class WithMask : autograd.MultiTensorFunction<WithMask>
    {
        public override string Name => nameof(WithMask);

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            var mask = x.sign();
            ctx.mark_non_differentiable([mask]);
            return [x * 2, mask];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs) => [grad_outputs[0] * 2];
    }
}
