using ModelInspector.Attribution;
using ModelInspector.Attribution.Inputs;
using ModelInspector.Models;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests.Attribution;

/// <summary>The rules by which conductance adds up its steps.</summary>
public class ConductanceTests
{
    // A = x, score = A²: g runs from 0 to 2x, so the left rule lacks (x²)/n, the right one has it too much, and the trapezoid rule is exact.
    [Theory, InlineData(StepRule.Trapezoid, 9), InlineData(StepRule.Left, 9 - 9.0 / 6), InlineData(StepRule.Right, 9 + 9.0 / 6)]
    public void The_gradient_of_each_step_is_taken_where_the_rule_says(StepRule rule, double expected)
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("same", x => x * 1), ("square", x => x.square()));
        var (map, note) = Attributed(new Conductance(6, rule), model, full([1, 1], 3f));
        Assert.Equal(expected, map.item<float>(), 1e-5);
        Assert.Equal($"completeness error {(rule == StepRule.Trapezoid ? "0" : "16.7")} %", note);
    }

    [Fact]
    public void Points_in_several_runs_add_up_as_in_one()
    {
        using var scope = NewDisposeScope();
        using var model = Toys.Chain(("same", x => x * 1), ("cube", x => x * x * x));
        var x = tensor([.. Enumerable.Range(0, 40).Select(i => (float)new Randomness(3).Normal((ulong)i))], [40L, 1]); // one point of each a run
        var (map, note) = Attributed(new Conductance(200), model, x);
        Near.Equal(Capture.Batches.ToArray(x * x * x).Values, map.squeeze(1), 1e-3);
        Assert.Contains("completeness error", note, StringComparison.Ordinal);
    }

    private static (Tensor Map, string? Note) Attributed(Conductance method, IDifferentiableModel model, Tensor x)
    {
        var notes = new List<string?>();
        return (method.Attribute(model, x, model.Graph.Find("same"), new ClassTarget(0), new Job(0, new Noted(notes), CancellationToken.None)), notes[^1]);
    }

    private sealed class Noted(List<string?> notes) : IProgress<Step>
    {
        public void Report(Step value) => notes.Add(value.Note);
    }
}
