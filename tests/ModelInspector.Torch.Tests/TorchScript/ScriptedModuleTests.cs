using ModelInspector.Capture;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.TorchScript;

/// <summary>What scripted modules do beyond a trace: shared modules, branches, loops, lists, writes in place.</summary>
public class ScriptedModuleTests
{
    [Fact]
    public void A_module_called_twice_is_two_layers_numbered()
    {
        using var relu = new ScriptSource("Relu").Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.relu(x)\n");
        using var net = new ScriptSource("Net").Child("act", relu).Define("def forward(self, x: Tensor) -> Tensor:\n  return self.act.forward(self.act.forward(x) - 1.0)\n");
        using var model = net.Open(1, 3);
        Assert.Equal(["act", "sub", "act_1"], Names(model));
        Assert.Equal([0, 0, 2], Run(model, -5, 0.5f, 3));
    }

    [Fact]
    public void An_operation_of_a_module_that_has_others_is_named_after_both_and_the_module_means_its_result()
    {
        using var linear = new ScriptSource("Linear").Parameter("weight", ones(2, 3)).Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.linear(x, self.weight)\n");
        using var block = new ScriptSource("Block").Child("fc", linear)
            .Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.relu(torch.relu(self.fc.forward(x)) * 2)\n");
        using var net = new ScriptSource("Net").Child("block", block).Define("def forward(self, x: Tensor) -> Tensor:\n  return self.block.forward(x) + 1\n");
        using var model = net.Open(1, 3);
        Assert.Equal(["block.fc", "block.relu", "block.mul", "block.relu_1", "add"], Names(model));
        Assert.Equal("block.relu_1", model.Graph.Find("block").Name);
        Assert.Equal("aten::relu", model.Graph.Find("block.relu").Op);
        Assert.Equal("block.fc", Assert.Single(model.Graph.Find("block.relu").Inputs));
        Assert.Equal(6, model.Graph.Find("block.fc").Parameters);
        Assert.Equal(6, model.Graph.Parameters);
        Assert.Equal([13, 13], Run(model, 1, 2, 3));
    }

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
        Assert.Equal(expected, Run(model, [.. Enumerable.Range(1, width).Select(value => (float)value)]));
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
        Assert.Equal(["sigmoid", "exp", "relu"], Names(model));
        Assert.Equal(["relu"], Tapped(model, 2));
        Assert.Equal(["exp"], Tapped(model, 3));
        Assert.Equal(["sigmoid"], Tapped(model, 4));
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
        Assert.Equal([0, 1], Run(model, -1, 1));
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
        Assert.Equal(["mul", "mul_1", "mul_2"], Names(model));
        Assert.Equal([6, 12], Run(model, 1, 2));
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
        Assert.Equal(["relu", "reshape", "add"], Names(model));
        using var prefix = model.RunTo("relu", tensor(new float[] { 1, 2 }).reshape(1, 2));
        Assert.Equal([1, 2, 1], model.RunFrom(prefix, prefix.Value).First.shape);
        Assert.Equal([3, 2, 1], model.RunFrom(prefix, ones(3, 2)).First.shape);
        Assert.Equal([4, 5], Run(model, 1, 2));
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
        Assert.Equal(["act", "sub", "act_1", "sub_1"], Names(model));
        Assert.Equal([-1, 1], Run(model, 1, 3));
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
        Assert.Equal([5, 5, 5], Run(model, 1, 1, 1));
        Assert.Equal([9, 9, 9, 9, 9], Run(model, 1, 1, 1, 1, 1));
    }

    [Fact]
    public void Lists_and_tuples_are_followed()
    {
        using var net = new ScriptSource("Net").Define("""
            def forward(self, x: Tensor):
              parts = [x]
              for i in range(2):
                parts.append(parts[-1] + 1)
              a, b, c = parts
              lo, hi = torch.chunk(c, 2, 1)
              return torch.cat(parts, 1), (lo, hi)
            """);
        using var model = net.Open(1, 2);
        Assert.Equal(["output_0", "output_1_0", "output_1_1"], model.Graph.Outputs.Select(port => port.Name));
        using var outputs = model.Run(tensor(new float[] { 1, 2 }).reshape(1, 2));
        Assert.Equal([1, 2, 2, 3, 3, 4], Batches.ToArray(outputs["output_0"]).Values);
        Assert.Equal([3], Batches.ToArray(outputs["output_1_0"]).Values);
        Assert.Equal([4], Batches.ToArray(outputs["output_1_1"]).Values);
    }

    [Fact]
    public void A_dict_that_is_returned_gives_outputs_by_its_keys()
    {
        using var net = new ScriptSource("Net").Define("def forward(self, x: Tensor) -> Dict[str, Tensor]:\n  return {\"out\": x + 1, \"aux\": x - 1}\n");
        using var model = net.Open(1, 1);
        Assert.Equal(["out", "aux"], model.Graph.Outputs.Select(port => port.Name));
    }

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
        Assert.Equal(["mul", "relu", "add"], Names(model));
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
        Assert.Equal([2, 3], Run(model, 1, 2));
        Assert.Equal([10, 20], Batches.ToArray(model.Run(tensor(new float[] { 1, 2 }).reshape(2, 1)).First).Values);
    }

    [Fact]
    public void Shape_arithmetic_is_done_for_the_input_at_hand()
    {
        using var net = new ScriptSource("Net").Define("""
            def forward(self, x: Tensor) -> Tensor:
              n, c = x.size(0), x.size(1)
              y = torch.relu(x)
              z = torch.zeros([n, c // 2])
              return torch.cat([y.reshape([n, c]), z + n], 1)
            """);
        using var model = net.Open();
        Assert.Equal([1, 2, 1], Run(model, 1, 2));
        Assert.Equal([1, 2, 3, 4, 1, 1], Run(model, 1, 2, 3, 4));
    }

    [Fact]
    public void Results_written_into_a_dict_are_outputs_by_its_keys()
    {
        using var net = new ScriptSource("Net").Define("""
            def forward(self, x: Tensor) -> Dict[str, Tensor]:
              found: Dict[str, Tensor] = {}
              found["out"] = torch.relu(x)
              if "out" in found:
                found["aux"] = found["out"] * 2
              found["out"] = found["out"] + float(len(found))
              return found
            """);
        using var model = net.Open(1, 2);
        Assert.Equal(["out", "aux"], model.Graph.Outputs.Select(output => output.Name));
        using var scope = NewDisposeScope();
        var outputs = model.Run(tensor(new float[] { -1, 3 }).reshape(1, 2));
        Assert.Equal([2, 5], Batches.ToArray(outputs["out"]).Values);
        Assert.Equal([0, 6], Batches.ToArray(outputs["aux"]).Values);
    }

    [Fact]
    public void A_member_of_a_list_can_be_replaced()
    {
        using var net = new ScriptSource("Net").Define("""
            def forward(self, x: Tensor) -> Tensor:
              parts = [x, x * 2]
              parts[0] = torch.relu(parts[1])
              return torch.cat(parts, 1)
            """);
        using var model = net.Open(1, 2);
        Assert.Equal([0, 6, -2, 6], Run(model, -1, 3));
    }

    [Fact]
    public void Arguments_with_a_default_have_it()
    {
        using var net = new ScriptSource("Net").Define("""
            def forward(self, x: Tensor, mask: Optional[Tensor]=None, scale: float=2.5, axes: List[int]=[1]) -> Tensor:
              y = torch.sum(x, axes, True) * scale
              if mask is not None:
                y = y * mask
              return y
            """);
        using var model = net.Open(1, 2);
        Assert.Equal("x", Assert.Single(model.Graph.Inputs).Name);
        Assert.Equal([10], Run(model, 1, 3));
    }

    [Fact]
    public void An_argument_that_is_no_tensor_and_has_no_default_is_refused_by_name()
    {
        using var net = new ScriptSource("Net").Define("def forward(self, x: Tensor, scale: float) -> Tensor:\n  return x * scale\n");
        Assert.Contains("input `scale` is of type float", Assert.Throws<InputException>(() => net.Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operation_that_writes_files_is_refused()
    {
        using var net = new ScriptSource("Net").Define("def forward(self, x: Tensor) -> Tensor:\n  torch.save(x, \"stolen\")\n  return x\n");
        Assert.Contains("aten::save", Assert.Throws<InputException>(() => net.Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_precision_weights_are_computed_in_float32_and_the_graph_says_so()
    {
        using var net = new ScriptSource("Net").Parameter("weight", ones(1, 2, ScalarType.Float16))
            .Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.linear(x, self.weight)\n");
        using var model = net.Open(1, 2);
        Assert.Equal([3], Run(model, 1, 2));
        Assert.Contains("float32", Assert.Single(model.Graph.Notes), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(GraphModel model) => model.Graph.Layers.Select(layer => layer.Name);

    private static float[] Run(GraphModel model, params float[] input)
    {
        using var scope = NewDisposeScope();
        return Batches.ToArray(model.Run(tensor(input).reshape(1, -1)).First).Values;
    }

    private static List<string> Tapped(GraphModel model, int width)
    {
        var names = new List<string>();
        using var outputs = model.Run(zeros(1, width), (layer, _, _) =>
        {
            names.Add(layer.Name);
            return null;
        });
        return names;
    }
}
