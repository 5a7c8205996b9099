using ModelInspector.Capture;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.TorchScript;

/// <summary>Branches and loops of scripted modules.</summary>
public class ScriptedFlowTests
{
    [Theory]
    [InlineData(2, new float[] { 2, 4 })]
    [InlineData(3, new float[] { 2, 3, 4 })]
    public void A_branch_on_the_shape_is_chosen_by_each_input(int width, float[] expected)
    {
        using var net = new ScriptSource("Net").Define("""
            def forward(self, x: Tensor) -> Tensor:
              if x.size(1) > 2:
                y = x + 1
              else:
                y = torch.relu(x) * 2
              return y
            """);
        using var model = net.Open();
        Assert.Equal(expected, model.RunOn([.. Enumerable.Range(1, width).Select(value => (float)value)]));
    }

    [Fact]
    public void Only_the_layers_of_the_branch_that_is_taken_are_tapped()
    {
        using var net = new ScriptSource("Net").Define("""
            def forward(self, x: Tensor) -> Tensor:
              if x.size(1) > 2:
                if x.size(1) > 3:
                  x = torch.sigmoid(x)
                else:
                  x = torch.exp(x)
              else:
                x = torch.relu(x)
              return x
            """);
        using var model = net.Open();
        Assert.Equal(["sigmoid", "exp", "relu"], model.Names());
        Assert.Equal(["relu"], model.Tapped(2));
        Assert.Equal(["exp"], model.Tapped(3));
        Assert.Equal(["sigmoid"], model.Tapped(4));
    }

    [Fact]
    public void A_cut_at_a_layer_on_the_other_branch_is_refused()
    {
        using var net = new ScriptSource("Net").Define("def forward(self, x: Tensor) -> Tensor:\n  if x.size(1) > 2:\n    x = torch.exp(x)\n  return x\n");
        using var model = net.Open();
        Assert.Contains("branch", Assert.Throws<InputException>(() => model.RunTo("exp", zeros(1, 2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_raises_on_a_shape_says_its_own_reason()
    {
        using var net = new ScriptSource("Net").Define("""
            def forward(self, x: Tensor) -> Tensor:
              assert x.dim() == 2, "expected two axes"
              return torch.relu(x)
            """);
        using var model = net.Open();
        Assert.Equal([0, 1], model.RunOn(-1, 1));
        Assert.Contains("expected two axes", Assert.Throws<InputException>(() => model.Run(zeros(3))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_with_a_known_count_is_unrolled()
    {
        using var net = new ScriptSource("Net").Define("""
            def forward(self, x: Tensor) -> Tensor:
              for i in range(3):
                x = x * (i + 1)
              return x
            """);
        using var model = net.Open(1, 2);
        Assert.Equal(["mul", "mul_1", "mul_2"], model.Names());
        Assert.Equal([6, 12], model.RunOn(1, 2));
    }

    [Fact]
    public void A_loop_over_layers_whose_count_depends_on_the_input_is_refused_by_kind_and_line()
    {
        using var relu = new ScriptSource("Relu").Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.relu(x)\n");
        using var net = new ScriptSource("Net").Child("act", relu)
            .Define("def forward(self, x: Tensor) -> Tensor:\n  for i in range(x.size(0)):\n    x = self.act.forward(x)\n  return x\n");
        var error = Assert.Throws<InputException>(() => net.Open());
        Assert.Contains("prim::Loop", error.Message, StringComparison.Ordinal);
        Assert.Contains(":2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_over_sizes_is_done_for_the_input_at_hand()
    {
        using var net = new ScriptSource("Net").Define("""
            def forward(self, x: Tensor) -> Tensor:
              sizes: List[int] = []
              for i in range(x.dim()):
                if i < 1:
                  sizes.append(x.size(i))
                else:
                  sizes.append(2)
              sizes.append(1)
              return torch.relu(x).reshape(sizes) + len(sizes)
            """);
        using var model = net.Open();
        Assert.Equal(["relu", "reshape", "add"], model.Names());
        using var prefix = model.RunTo("relu", tensor(new float[] { 1, 2 }).reshape(1, 2));
        Assert.Equal([1, 2, 1], model.RunFrom(prefix, prefix.Value).First.shape);
        Assert.Equal([3, 2, 1], model.RunFrom(prefix, ones(3, 2)).First.shape);
        Assert.Equal([4, 5], model.RunOn(1, 2));
    }

    [Fact]
    public void A_loop_of_plain_operations_whose_count_depends_on_the_input_is_one_layer_that_gradients_pass()
    {
        using var net = new ScriptSource("Net").Define("""
            def forward(self, x: Tensor) -> Tensor:
              y = x
              for i in range(x.size(1)):
                y = y * 2
              return y
            """);
        using var model = net.Open(1, 3);
        Assert.Equal("prim::Loop", Assert.Single(model.Graph.Layers).Op);
        using var scope = NewDisposeScope();
        var x = ones(1, 3).requires_grad_();
        Assert.Equal([8, 8, 8], Batches.ToArray(autograd.grad([model.Run(x).First.sum()], [x])[0]).Values);
    }

    [Fact]
    public void A_loop_over_layers_with_a_condition_that_is_known_is_unrolled()
    {
        using var relu = new ScriptSource("Relu").Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.relu(x)\n");
        using var net = new ScriptSource("Net").Child("act", relu).Define("""
            def forward(self, x: Tensor) -> Tensor:
              n = 0
              while n < 2:
                x = self.act.forward(x) - 1
                n = n + 1
              return x
            """);
        using var model = net.Open(1, 2);
        Assert.Equal(["act", "sub", "act_1", "sub_1"], model.Names());
        Assert.Equal([-1, 1], model.RunOn(1, 3));
    }

    [Fact]
    public void A_loop_with_a_way_out_is_run_as_it_goes()
    {
        using var net = new ScriptSource("Net").Define("""
            def forward(self, x: Tensor) -> Tensor:
              n = 1
              while n < x.size(1):
                n = n * 2
              return x + n
            """);
        using var model = net.Open();
        Assert.Equal([5, 5, 5], model.RunOn(1, 1, 1));
        Assert.Equal([9, 9, 9, 9, 9], model.RunOn(1, 1, 1, 1, 1));
    }
}
