using System.Runtime.InteropServices;
using static TorchSharp.Tests.Expect;
using static TorchSharp.torch;

namespace TorchSharp.Tests;

public class AutogradTests
{
    private static Tensor Leaf(params double[] elements) => tensor(elements, requires_grad: true);

    [Fact]
    public void Backward_fills_the_gradient_of_a_leaf_and_adds_up()
    {
        using var scope = NewDisposeScope();
        var x = Leaf(1, 2, 3);
        Assert.Null(x.grad);
        (x * x).sum().backward();
        Elements(x.grad!, 2, 4, 6);
        (x * 10).sum().backward();
        Elements(x.grad!, 12, 14, 16);
        x.grad = null;
        Assert.Null(x.grad);
    }

    [Fact]
    public void Each_read_of_the_gradient_is_a_new_handle_on_the_same_elements()
    {
        using var scope = NewDisposeScope();
        var x = Leaf(1);
        x.sum().backward();
        var (first, second) = (x.grad!, x.grad!);
        Assert.NotSame(first, second);
        Assert.NotEqual(first.Handle, second.Handle);
        first.fill_(9);
        Elements(second, 9);
    }

    [Fact]
    public void A_gradient_can_be_set_and_must_fit()
    {
        using var scope = NewDisposeScope();
        var x = Leaf(1, 2);
        x.grad = D(5, 6);
        Elements(x.grad!, 5, 6);
        Assert.Contains("shape [3]", Assert.Throws<ExternalException>(() => x.grad = D(1, 2, 3)).Message);
        Assert.Contains("Float", Assert.Throws<ExternalException>(() => x.grad = D(1, 2).@float()).Message);
    }

    [Fact]
    public void A_result_that_is_no_number_needs_a_gradient_to_start_from()
    {
        using var scope = NewDisposeScope();
        var x = Leaf(1, 2);
        var error = Assert.Throws<ExternalException>(() => (x * 2).backward());
        Assert.Equal("grad can be implicitly created only for scalar outputs", error.Message);
        (x * 2).backward([D(1, 10)]);
        Elements(x.grad!, 2, 20);
        autograd.backward(x * 2, D(1, 1));
        Elements(x.grad!, 4, 22);
    }

    [Fact]
    public void Backward_can_be_limited_to_some_inputs()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (Leaf(2), Leaf(3));
        (x * y).sum().backward(inputs: [x]);
        Elements(x.grad!, 3);
        Assert.Null(y.grad);
    }

    [Fact]
    public void Grad_gives_the_gradient_of_each_input()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (Leaf(2), Leaf(3));
        var gradients = autograd.grad([(x * x * y).sum()], [x, y]);
        Elements(gradients[0], 12);
        Elements(gradients[1], 4);
        Assert.Null(x.grad);
    }

    [Fact]
    public void Grad_sums_over_outputs_and_takes_their_weights()
    {
        using var scope = NewDisposeScope();
        var x = Leaf(2, 3);
        Elements(autograd.grad([x * 2, x * x], [x], [D(1, 1), D(10, 100)])[0], 42, 602);
    }

    [Fact]
    public void An_unused_input_is_an_error_or_an_invalid_tensor()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (Leaf(2), Leaf(3));
        Assert.Contains("to not have been used", Assert.Throws<ExternalException>(() => autograd.grad([x * 2], [x, y])).Message);
        var gradients = autograd.grad([x * 2], [x, y], allow_unused: true);
        Elements(gradients[0], 2);
        Assert.NotNull(gradients[1]);
        Assert.True(gradients[1].IsInvalid);
        gradients[1].Dispose();
    }

    [Fact]
    public void A_freed_graph_is_an_error_not_the_end_of_the_process()
    {
        using var scope = NewDisposeScope();
        var x = Leaf(2);
        var y = (x * x).sum();
        autograd.grad([y], [x]);
        var error = Assert.Throws<ExternalException>(() => autograd.grad([y], [x]));
        Assert.StartsWith("Trying to backward through the graph a second time", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Throws<ExternalException>(y.backward);
    }

    [Fact]
    public void A_retained_graph_can_be_used_again()
    {
        using var scope = NewDisposeScope();
        var x = Leaf(2);
        var y = (x * x).sum();
        for (int k = 0; k < 3; k++) Elements(autograd.grad([y], [x], retain_graph: true)[0], 4);
        y.backward(retain_graph: true);
        y.backward();
        Elements(x.grad!, 8);
    }

    [Fact]
    public void A_gradient_of_a_gradient_needs_create_graph()
    {
        using var scope = NewDisposeScope();
        var x = Leaf(2);
        var first = autograd.grad([x.pow(3).sum()], [x], retain_graph: true, create_graph: true)[0];
        Elements(first, 12);
        Elements(autograd.grad([first], [x])[0], 12);
    }

    [Fact]
    public void A_tensor_in_the_middle_keeps_its_gradient_when_asked_before()
    {
        using var scope = NewDisposeScope();
        var x = Leaf(2);
        var middle = x * 3;
        middle.retain_grad();
        (middle * middle).sum().backward();
        Elements(middle.grad!, 12);
        Elements(x.grad!, 36);
        Assert.Throws<ExternalException>(D(1).retain_grad);
    }

    [Fact]
    public void An_alias_has_its_own_gradient_in_the_same_graph()
    {
        using var scope = NewDisposeScope();
        var x = Leaf(2);
        var alias = (x * 3).alias();
        alias.retain_grad();
        (alias * 5).sum().backward();
        Elements(alias.grad!, 5);
        Elements(x.grad!, 15);
    }

    [Fact]
    public void Detaching_cuts_the_graph()
    {
        using var scope = NewDisposeScope();
        var x = Leaf(2);
        var cut = (x * 3).detach().requires_grad_();
        Assert.True(cut.is_leaf);
        (cut * 5).sum().backward();
        Elements(cut.grad!, 5);
        Assert.Null(x.grad);
    }

    [Fact]
    public void Leaves_and_results_can_be_told_apart()
    {
        using var scope = NewDisposeScope();
        var x = Leaf(2);
        var y = x * 2;
        Assert.Equal((true, true), (x.is_leaf, x.requires_grad));
        Assert.Equal((false, true), (y.is_leaf, y.requires_grad));
        Assert.Equal((true, false), (D(1).is_leaf, D(1).requires_grad));
        Assert.Throws<ExternalException>(() => y.requires_grad = false);
        Assert.Throws<ExternalException>(() => L(1).requires_grad_());
    }

    [Fact]
    public void Grad_modes_restore_what_was_before()
    {
        using var scope = NewDisposeScope();
        var x = Leaf(2);
        Assert.True(is_grad_enabled());
        using (no_grad())
        {
            Assert.False((x * 2).requires_grad);
            using (enable_grad()) Assert.True((x * 2).requires_grad);
            Assert.False(is_grad_enabled());
            using (set_grad_enabled(true)) Assert.True(is_grad_enabled());
            Assert.False(is_grad_enabled());
        }
        Assert.True(is_grad_enabled());
        using (enable_grad(false)) Assert.False(is_grad_enabled());
    }

    [Fact]
    public void The_grad_mode_belongs_to_its_thread()
    {
        using var off = no_grad();
        bool elsewhere = false;
        DisposeScopeTests.OnOwnThread(() => elsewhere = is_grad_enabled());
        Assert.True(elsewhere);
        Assert.False(is_grad_enabled());
    }

    [Fact]
    public void Inference_mode_records_nothing()
    {
        using var scope = NewDisposeScope();
        var x = Leaf(2);
        Assert.False(is_inference_mode_enabled());
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            Assert.False((x * 2).requires_grad);
            using (inference_mode(false)) Assert.False(is_inference_mode_enabled());
            Assert.True(is_inference_mode_enabled());
        }
        Assert.False(is_inference_mode_enabled());
        Assert.True((x * 2).requires_grad);
    }

    [Fact]
    public void Anomaly_mode_names_the_operation_that_gave_a_NaN()
    {
        using var scope = NewDisposeScope();
        var x = Leaf(0);
        using (autograd.detect_anomaly())
        {
            Assert.True(AnomalyMode.IsEnabled);
            var error = Assert.Throws<ExternalException>(() => (sqrt(x) * 0).sum().backward());
            Assert.Contains("SqrtBackward0", error.Message);
        }
        Assert.False(AnomalyMode.IsEnabled);
    }

    [Fact]
    public void A_jacobian_has_the_shape_of_output_and_input()
    {
        using var scope = NewDisposeScope();
        var jacobian = autograd.functional.jacobian(x => x.pow(2), D(1, 2));
        Assert.Equal([2, 2], jacobian.shape);
        Elements(jacobian, 2, 0, 0, 4);
        var both = autograd.functional.jacobian(x => x[0] * x[1], D(2), D(3)).ToArray();
        Elements(both[0], 3);
        Elements(both[1], 2);
        Elements(autograd.functional.jacobian(x => new[] { x * 2, x.sum() }, D(1, 2)).Last(), 1, 1);
    }
}
