using System.Collections.Immutable;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Models;

/// <summary>The interpreter that imported networks run on: what a tap may do, where a run may be cut, and what is freed when.</summary>
public class GraphModelTests
{
    // y = relu(2x); shape = rows of y; z = reshape(y + x, shape): x jumps over the first layer, the shape is no layer.
    private static GraphModel Jumping(Func<Tensor, Tensor>? inner = null)
    {
        var twice = new Layer("twice", "Mul", [], ["x"], 0);
        var rectified = new Layer("rectified", "Relu", [], ["twice"], 0);
        var sum = new Layer("sum", "Add", [], ["rectified", "x"], 0);
        var flat = new Layer("flat", "Reshape", [], ["sum"], 0);
        ImmutableArray<ProgramStep> steps =
        [
            new(twice, [0], [1], inputs => [((Tensor)inputs[0]!) * 2]),
            new(null, [1], [2], inputs => [tensor([((Tensor)inputs[0]!).shape[0], -1L])]),
            new(rectified, [1], [3], inputs => [inner is null ? ((Tensor)inputs[0]!).relu() : inner((Tensor)inputs[0]!)]),
            new(sum, [3, 0], [4], inputs => [(Tensor)inputs[0]! + (Tensor)inputs[1]!]),
            new(flat, [4, 2], [5], inputs => [((Tensor)inputs[0]!).reshape(((Tensor)inputs[1]!).data<long>().ToArray())]),
        ];
        var port = new Port("x", [-1, 1, 2], "float32");
        return new(new("jumping", "test", "", [port], [new("z", [], "float32")], [twice, rectified, sum, flat]),
            new(6, [0], [5], new Dictionary<int, object?>(), steps));
    }

    private static Tensor Input() => tensor([1f, -2, 3, -4]).reshape(2, 1, 2);

    private static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    [Fact]
    public void A_tap_sees_every_layer_once_in_order_with_what_it_was_given()
    {
        using var scope = NewDisposeScope();
        using var model = Jumping();
        var seen = new List<string>();
        model.Run(Input(), (layer, inputs, output) =>
        {
            seen.Add($"{layer.Name} {inputs.Length} ({string.Join(",", output.shape)})");
            return null;
        });
        Assert.Equal(["twice 1 (2,1,2)", "rectified 1 (2,1,2)", "sum 2 (2,1,2)", "flat 2 (2,2)"], seen);
    }

    // There need be no graphics card: tensors without data have a device of their own.
    [Fact]
    public void Inputs_come_to_where_the_weights_are()
    {
        using var scope = NewDisposeScope();
        var shifted = new Layer("shifted", "Add", [], ["x"], 2);
        using var model = new GraphModel(
            new("elsewhere", "test", "", [new Port("x", [-1, 2], "float32")], [new("y", [], "float32")], [shifted]),
            new(4, [0], [2], new Dictionary<int, object?> { [3] = tensor(new long[] { 1, 2 }), [1] = zeros(2, device: device("meta")) }, [new(shifted, [0, 1], [2], inputs => [(Tensor)inputs[0]! + (Tensor)inputs[1]!])]));
        using var prefix = model.RunTo("shifted", zeros(1, 2));
        Assert.Equal(DeviceType.META, prefix.Value.device_type);
    }

    [Fact]
    public void What_a_tap_gives_back_takes_the_outputs_place()
    {
        using var scope = NewDisposeScope();
        using var model = Jumping();
        var outputs = model.Run(Input(), (layer, _, output) => layer.Name == "rectified" ? output + 10 : null);
        Assert.Equal([13f, 8, 19, 6], outputs.First.data<float>().ToArray());
    }

    [Fact]
    public void A_tap_may_give_back_its_output_or_an_input_itself()
    {
        using var scope = NewDisposeScope();
        using var model = Jumping();
        var plain = model.Run(Input()).First.data<float>().ToArray();
        Assert.Equal(plain, model.Run(Input(), (_, _, output) => output).First.data<float>().ToArray());
        var linear = model.Run(Input(), (layer, inputs, _) => layer.Name == "rectified" ? inputs[0] : null).First;
        Assert.Equal([3f, -6, 9, -12], linear.data<float>().ToArray());
    }

    [Fact]
    public void A_run_cut_anywhere_goes_on_to_the_same_bits()
    {
        using var scope = NewDisposeScope();
        using var model = Jumping();
        var whole = model.Run(Input()).First.data<float>().ToArray();
        foreach (var layer in model.Graph.Layers)
        {
            using var prefix = model.RunTo(layer.Name, Input());
            Assert.Equal(whole, model.RunFrom(prefix, prefix.Value).First.data<float>().ToArray());
        }
    }

    [Fact]
    public void A_run_goes_on_with_several_copies_of_the_batch_and_right_shapes()
    {
        using var scope = NewDisposeScope();
        using var model = Jumping();
        using var prefix = model.RunTo("rectified", Input());
        var outputs = model.RunFrom(prefix, prefix.Value.repeat_interleave(3, 0));
        Assert.Equal([6, 2], outputs.First.shape);
        Assert.Equal(model.Run(Input()).First.repeat_interleave(3, 0).data<float>().ToArray(), outputs.First.data<float>().ToArray());
    }

    [Fact]
    public void A_value_that_is_no_multiple_of_the_batch_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = Jumping();
        using var prefix = model.RunTo("rectified", Input());
        var message = Assert.Throws<InputException>(() => model.RunFrom(prefix, zeros(3, 1, 2))).Message;
        Assert.Contains("gave 2 rows and is to be replaced by 3", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gradients_flow_to_the_input_and_through_a_cut()
    {
        using var scope = NewDisposeScope();
        using var model = Jumping();
        var input = Input().requires_grad_();
        Assert.Equal([3f, 1, 3, 1], autograd.grad([model.Run(input).First.sum()], [input])[0].data<float>().ToArray());
        using var prefix = model.RunTo("rectified", Input());
        var value = prefix.Value.detach().requires_grad_();
        Assert.Equal([1f, 1, 1, 1], autograd.grad([model.RunFrom(prefix, value).First.sum()], [value])[0].data<float>().ToArray());
    }

    [Fact]
    public void Runs_taps_cuts_and_failures_leave_nothing_alive()
    {
        using var input = Input();
        using var model = Jumping();
        var before = Live;
        model.Run(input).Dispose();
        model.Run(input, (_, _, output) => output.clone()).Dispose();
        model.Run(input, (_, _, output) => output).Dispose();
        model.Run(input, (_, inputs, output) => inputs[0].shape.SequenceEqual(output.shape) ? inputs[0] : null).Dispose();
        foreach (var layer in model.Graph.Layers)
        {
            using var prefix = model.RunTo(layer.Name, input);
            model.RunFrom(prefix, prefix.Value).Dispose();
            using var wide = prefix.Value.repeat_interleave(2, 0);
            model.RunFrom(prefix, wide).Dispose();
            if (layer.Name != "flat") Assert.Throws<NotImplementedException>(() => model.RunFrom(prefix, prefix.Value, (_, _, _) => throw new NotImplementedException()));
        }
        Assert.Equal(before, Live);
    }

    [Fact]
    public void A_tap_that_throws_leaves_nothing_alive_and_its_exception_is_its_own()
    {
        using var input = Input();
        using var model = Jumping();
        var before = Live;
        for (var last = 0; last < 4; last++)
        {
            var left = last;
            Assert.Throws<NotImplementedException>(() => model.Run(input, (_, _, output) => left-- == 0 ? throw new NotImplementedException() : output.clone()));
        }
        Assert.Equal(before, Live);
    }

    [Fact]
    public void A_kernel_that_fails_is_named_and_leaves_nothing_alive()
    {
        using var input = Input();
        using var model = Jumping(x => x.relu().reshape(7));
        var before = Live;
        var message = Assert.Throws<InputException>(() => model.Run(input)).Message;
        Assert.Contains("layer rectified (Relu) cannot run on inputs of shape (2, 1, 2)", message, StringComparison.Ordinal);
        Assert.Equal(before, Live);
    }

    [Fact]
    public void Outputs_belong_to_the_callers_scope()
    {
        using var input = Input();
        using var model = Jumping();
        var before = Live;
        using (NewDisposeScope())
        {
            model.Run(input);
            Assert.True(Live > before);
        }
        Assert.Equal(before, Live);
    }

    [Fact]
    public void A_layer_that_does_not_exist_is_refused_with_near_names()
    {
        using var scope = NewDisposeScope();
        using var model = Jumping();
        Assert.Contains("Near: rectified", Assert.Throws<InputException>(() => model.RunTo("rectifed", Input())).Message, StringComparison.Ordinal);
    }
}
