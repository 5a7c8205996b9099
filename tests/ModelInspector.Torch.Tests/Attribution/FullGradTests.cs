using ModelInspector.Attribution;
using ModelInspector.Attribution.Maps;
using ModelInspector.Models;
using ModelInspector.Numerics;
using ModelInspector.Torch.Tests.Modules;
using ModelInspector.Torch.Tests.TorchScript;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>FullGrad's constants: all of them, in every format, or a refusal.</summary>
public class FullGradTests
{
    [Fact]
    public void The_constants_of_transposed_convolutions_count_and_what_is_missing_from_the_score_is_told()
    {
        using var scope = NewDisposeScope();
        using var net = new ScriptSource("Net").Parameter("w", Values(1, 4, 2, 3, 3)).Parameter("a", Values(2, 4)).Parameter("v", Values(3, 4, 3, 2, 2)).Parameter("b", Values(4, 3))
            .Parameter("u", Values(5, 2, 3)).Parameter("c", Values(6, 2)).Define("""
            def forward(self, x: Tensor) -> Tensor:
              y = torch.relu(torch.conv2d(x, self.w, self.a, [1, 1], [1, 1]))
              y = torch.relu(torch.conv_transpose2d(y, self.v, self.b, [2, 2]))
              return torch.linear(torch.mean(y, [2, 3]), self.u, self.c)
            """);
        using var model = net.Open(1, 2, 6, 6);
        var (x, notes) = (Values(7, 2, 2, 6, 6), new List<string?>());
        var map = new FullGrad(FullGradVariant.Signed).Attribute(model, x, new ClassTarget(1), new Job(0, new Noted(notes), CancellationToken.None));
        Near.Equal(Capture.Batches.ToArray(model.Run(x).First.select(1, 1) - Values(6, 2)[1]).Values, map.flatten(1).sum(1), 1e-4);
        Assert.Matches("^completeness error (0|[0-9.]+E-0[3-9]|0\\.000[0-9]*) %$", Assert.Single(notes));
    }

    [Fact]
    public void A_network_of_modules_that_keep_their_weights_to_themselves_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = (IDifferentiableModel)Example.Open("SmallNet", null, 2, 1, 16, 16);
        var refusal = Assert.Throws<InputException>(() => new FullGrad().Attribute(model, Values(1, 2, 1, 16, 16), new ClassTarget(1), Job.Quiet()));
        Assert.Contains("(Conv2d) keeps its weights to itself", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("input-times-gradient", refusal.Message, StringComparison.Ordinal);
    }

    private sealed class Noted(List<string?> notes) : IProgress<Step>
    {
        public void Report(Step value) => notes.Add(value.Note);
    }

    private static Tensor Values(ulong seed, params long[] shape)
    {
        var draw = new Randomness(seed);
        return tensor([.. Enumerable.Range(0, (int)shape.Aggregate(1L, (product, size) => product * size)).Select(i => (float)draw.Normal((ulong)i))], shape);
    }
}
