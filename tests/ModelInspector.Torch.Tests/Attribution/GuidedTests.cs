using ModelInspector.Attribution;
using ModelInspector.Attribution.Inputs;
using ModelInspector.Models;
using ModelInspector.Torch.Tests.TorchScript;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>Other derivatives in place of a ReLU's: guided backpropagation, deconvnet, guided Grad-CAM.</summary>
public class GuidedTests
{
    [Theory, InlineData(1), InlineData(-3)]
    public void Deconvnet_equals_the_hand_computed_values_whatever_the_input(float scale)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.ConvNet();
        float[] expected = [2, 3, 3, 1, 3, 5, 5, 2, 3, 5, 5, 2, 1, 2, 2, 1];
        Near.Equal(expected, new Deconvnet().Attribute(model, Toys.ConvNetInput() * scale, new ClassTarget(0), Job.Quiet()), 1e-6);
        Near.Equal(expected, new Deconvnet().Attribute(model, Toys.ConvNetInput() * scale, new UnitTarget("fc1", 0), Job.Quiet()), 1e-6);
    }

    [Fact]
    public void Guided_grad_cam_equals_the_hand_computed_values()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.ConvNet();
        var actual = new GuidedGradCam(Enlargement.Nearest).Attribute(model, Toys.ConvNetInput(), model.Graph.Find("relu1"), new ClassTarget(0), Job.Quiet());
        Near.Equal([0, 0, 4, 4, 0, 0, 12, 8, 28, 84, 97.5f, 65, 28, 56, 65, 32.5f], actual, 1e-6);
    }

    [Fact]
    public void Without_a_layer_guided_grad_cam_looks_at_the_last_convolution()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.PooledHead();
        var x = Drawn.Normal(1, 2, 1, 8, 8);
        var method = new GuidedGradCam();
        var chosen = method.Attribute(model, x, model.Graph.Find("conv1"), new ClassTarget(0), Job.Quiet());
        Assert.True(chosen.equal(method.Attribute(model, x, new ClassTarget(0), Job.Quiet())).all().item<bool>());
        Assert.True(chosen.abs().sum().item<float>() > 0);
    }

    // f = −relu(x) + 2 relu(y): the gradient is (−1, 2) where both are positive.
    [Theory]
    [InlineData(1, 1, new float[] { 0, 2 }, new float[] { 0, 2 })]
    [InlineData(-1, -1, new float[] { 0, 0 }, new float[] { 0, 2 })]
    public void What_a_relu_passes_back_is_positive_and_for_guided_backpropagation_only_where_it_is_active(float x, float y, float[] guided, float[] deconvolved)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Net(
            new("relu", "Relu", (v, _) => v.relu()),
            new("sum", "MatMul", (v, w) => v.matmul(w[0]), tensor(new float[] { -1, 2 }).reshape(2, 1)));
        var input = tensor(new[] { x, y }).reshape(1, 2);
        Assert.Equal(guided, Floats(new GuidedBackprop().Attribute(model, input, new ClassTarget(0), Job.Quiet())));
        Assert.Equal(deconvolved, Floats(new Deconvnet().Attribute(model, input, new ClassTarget(0), Job.Quiet())));
    }

    // relu(w₂ relu(w₁ x)) with one module for both ReLUs, in place: the first passes on what the second lets through.
    [Theory, InlineData("torch.relu(x)"), InlineData("torch.relu_(x)")]
    public void A_relu_in_place_and_a_relu_that_is_called_twice_are_replaced_each_time(string relu)
    {
        using var scope = NewDisposeScope();
        using var act = new ScriptSource("Act").Define($"def forward(self, x: Tensor) -> Tensor:\n  return {relu}\n");
        using var net = new ScriptSource("Net").Child("act", act).Parameter("w", tensor(new float[] { 1, -1, -2, 3 }).reshape(2, 2)).Define("""
            def forward(self, x: Tensor) -> Tensor:
              y = self.act.forward(torch.linear(x, self.w))
              z = self.act.forward(torch.linear(y, self.w))
              return z
            """);
        using var model = net.Open(1, 2);
        // x = (1, 2): first linear (−1, 4), ReLU (0, 4), second linear (−4, 12). Back from z₁: (0, 1) → (−2, 3) → guided (0, 3) → (−6, 9).
        var x = tensor(new float[] { 1, 2 }).reshape(1, 2);
        Assert.Equal([-6, 9], Floats(new GuidedBackprop().Attribute(model, x, new ClassTarget(1), Job.Quiet())));
        // The deconvnet lets z₀ through although it was negative: (1, 0) → (1, −1) → (1, 0) → (1, −1).
        Assert.Equal([1, -1], Floats(new Deconvnet().Attribute(model, x, new ClassTarget(0), Job.Quiet())));
        Assert.Equal([0, 12], Floats(model.Run(x).First));
    }

    [Fact]
    public void A_network_without_relu_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("tanh", x => x.tanh()), ("Flatten", x => x.flatten(1)));
        var error = Assert.Throws<InputException>(() => new GuidedBackprop().Attribute(model, ones(1, 2), new ClassTarget(0), Job.Quiet()));
        Assert.Contains("no ReLU", error.Message);
        Assert.Throws<InputException>(() => new Deconvnet().Attribute(model, ones(1, 2), new ClassTarget(0), Job.Quiet()));
        Assert.Throws<InputException>(() => new GuidedGradCam().Attribute(model, ones(1, 2), new ClassTarget(0), Job.Quiet()));
    }

    [Fact]
    public void One_forward_and_one_backward_are_enough()
    {
        using var scope = NewDisposeScope();
        using var model = new Counted(Toys.PooledHead());
        new GuidedBackprop().Attribute(model, Drawn.Normal(2, 2, 1, 8, 8), new ClassTarget(0), Job.Quiet());
        Assert.Equal((1, 1), (model.Runs, model.Backwards));
    }
}
