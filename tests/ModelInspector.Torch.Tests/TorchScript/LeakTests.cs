using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.TorchScript;

/// <summary>Tensors are counted for the whole process: no other test may run meanwhile.</summary>
[CollectionDefinition(nameof(WholeProcess), DisableParallelization = true)]
public class WholeProcess;

[Collection(nameof(WholeProcess))]
public class LeakTests
{
    [SkippableTheory]
    [InlineData("vit")]
    [InlineData("residual")]
    public void Nothing_is_alive_after_a_network_was_run_tapped_cut_and_closed(string name)
    {
        var reference = new ConformanceCase(name);
        using (reference.Open("pt"))
        {
            // What libtorch keeps for itself is made now.
        }
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        using (var scope = NewDisposeScope())
        using (var model = (GraphModel)reference.Open("pt"))
        {
            var input = reference.InputTensor();
            using (model.Run(input, (_, _, output) => output.alias()))
            using (var prefix = model.RunTo(model.Graph.Layers[4].Name, input))
                model.RunFrom(prefix, prefix.Value).Dispose();
        }
        Assert.Equal(before, Tensor.TotalCount);
    }
}
