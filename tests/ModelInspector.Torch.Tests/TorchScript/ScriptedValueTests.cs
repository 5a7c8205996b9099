using ModelInspector.Capture;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.TorchScript;

/// <summary>Lists, tuples, dicts, sizes and arguments of scripted modules.</summary>
public class ScriptedValueTests
{
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
        Assert.Equal([1, 2, 1], model.RunOn(1, 2));
        Assert.Equal([1, 2, 3, 4, 1, 1], model.RunOn(1, 2, 3, 4));
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
        Assert.Equal([0, 6, -2, 6], model.RunOn(-1, 3));
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
        Assert.Equal([10], model.RunOn(1, 3));
    }

    [Fact]
    public void An_argument_that_is_no_tensor_and_has_no_default_is_refused_by_name()
    {
        using var net = new ScriptSource("Net").Define("def forward(self, x: Tensor, scale: float) -> Tensor:\n  return x * scale\n");
        Assert.Contains("input `scale` is of type float", Assert.Throws<InputException>(() => net.Open()).Message, StringComparison.Ordinal);
    }
}
