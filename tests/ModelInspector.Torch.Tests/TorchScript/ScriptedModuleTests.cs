using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.TorchScript;

/// <summary>Scripted modules as layers: shared ones, named ones, refused ones.</summary>
public class ScriptedModuleTests
{
    [Fact]
    public void A_module_called_twice_is_two_layers_numbered()
    {
        using var relu = new ScriptSource("Relu").Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.relu(x)\n");
        using var net = new ScriptSource("Net").Child("act", relu).Define("def forward(self, x: Tensor) -> Tensor:\n  return self.act.forward(self.act.forward(x) - 1.0)\n");
        using var model = net.Open(1, 3);
        Assert.Equal(["act", "sub", "act_1"], model.Names());
        Assert.Equal([0, 0, 2], model.RunOn(-5, 0.5f, 3));
    }

    [Fact]
    public void An_operation_of_a_module_that_has_others_is_named_after_both_and_the_module_means_its_result()
    {
        using var linear = new ScriptSource("Linear").Parameter("weight", ones(2, 3)).Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.linear(x, self.weight)\n");
        using var block = new ScriptSource("Block").Child("fc", linear)
            .Define("def forward(self, x: Tensor) -> Tensor:\n  return torch.relu(torch.relu(self.fc.forward(x)) * 2)\n");
        using var net = new ScriptSource("Net").Child("block", block).Define("def forward(self, x: Tensor) -> Tensor:\n  return self.block.forward(x) + 1\n");
        using var model = net.Open(1, 3);
        Assert.Equal(["block.fc", "block.relu", "block.mul", "block.relu_1", "add"], model.Names());
        Assert.Equal("block.relu_1", model.Graph.Find("block").Name);
        Assert.Equal("aten::relu", model.Graph.Find("block.relu").Op);
        Assert.Equal("block.fc", Assert.Single(model.Graph.Find("block.relu").Inputs));
        Assert.Equal(6, model.Graph.Find("block.fc").Parameters);
        Assert.Equal(6, model.Graph.Parameters);
        Assert.Equal([13, 13], model.RunOn(1, 2, 3));
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
        Assert.Equal([3], model.RunOn(1, 2));
        Assert.Contains("float32", Assert.Single(model.Graph.Notes), StringComparison.Ordinal);
    }
}
