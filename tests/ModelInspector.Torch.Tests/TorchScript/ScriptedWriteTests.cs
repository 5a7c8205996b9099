using ModelInspector.Capture;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.TorchScript;

/// <summary>Writes in place and through views in scripted modules: no captured value changes, no view misses them.</summary>
public class ScriptedWriteTests
{
    [Fact]
    public void A_write_in_place_leaves_a_captured_value_as_it_was()
    {
        using var net = new ScriptSource("Net").Define("""
            def forward(self, x: Tensor) -> Tensor:
              y = x * 2
              torch.relu_(y)
              y.add_(1)
              return y
            """);
        using var model = net.Open(1, 2);
        Assert.Equal(["mul", "relu", "add"], model.Names());
        using var input = tensor(new float[] { -1, 3 }).reshape(1, 2);
        var tensors = new List<(string Name, Tensor Tensor)>();
        using var outputs = model.Run(input, (layer, _, output) =>
        {
            tensors.Add((layer.Name, output.alias()));
            return null;
        });
        Assert.Equal([[-2, 6], [0, 6], [1, 7]], tensors.Select(kept => Batches.ToArray(kept.Tensor).Values));
        Assert.Equal([1, 7], Batches.ToArray(outputs.First).Values);
        Assert.Equal([-1, 3], Batches.ToArray(input).Values);
    }

    [Fact]
    public void A_write_through_a_view_is_seen_in_the_whole_and_in_every_other_view()
    {
        using var net = new ScriptSource("Net").Define("""
            def forward(self, x: Tensor) -> Tensor:
              y = x * 1
              flat = y.view([4])
              first = y[0]
              first[1] = 10.0
              first.mul_(2)
              return torch.cat([y.view([4]), flat, first], 0)
            """);
        using var model = net.Open(2, 2);
        Assert.Equal([2, 20, 3, 4, 2, 20, 3, 4, 2, 20], Batches.ToArray(model.Run(tensor(new float[] { 1, 2, 3, 4 }).reshape(2, 2)).First).Values);
    }

    [Fact]
    public void Gradients_flow_through_a_write_into_a_view()
    {
        using var net = new ScriptSource("Net").Define("""
            def forward(self, x: Tensor) -> Tensor:
              y = x * 3
              y[:, 0].mul_(5)
              return y
            """);
        using var model = net.Open(1, 2);
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 1, 1 }).reshape(1, 2).requires_grad_();
        var gradient = autograd.grad([model.Run(x).First.sum()], [x])[0];
        Assert.Equal([15, 3], Batches.ToArray(gradient).Values);
    }

    [Fact]
    public void A_write_inside_a_branch_holds_after_it()
    {
        using var net = new ScriptSource("Net").Define("""
            def forward(self, x: Tensor) -> Tensor:
              y = x * 1
              if x.size(0) == 1:
                y.add_(1)
              else:
                y.mul_(10)
              return y
            """);
        using var model = net.Open();
        Assert.Equal([2, 3], model.RunOn(1, 2));
        Assert.Equal([10, 20], Batches.ToArray(model.Run(tensor(new float[] { 1, 2 }).reshape(2, 1)).First).Values);
    }
}
