using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Inputs;

/// <summary>A layer's activations and gradients while the input moves from a baseline to where it is.</summary>
internal sealed class LayerPath(IDifferentiableModel model, Tensor batch, double baseline, Layer layer, Target target)
{
    private readonly Tensor start = Baseline.Of(batch, baseline);
    private readonly Target known = Unchanged.Fixed(model, batch, target);
    private readonly int copies = Line.Copies(model, batch);

    /// <summary>The points in groups that go into one run each: number of the first one, and how many.</summary>
    public IEnumerable<(int First, int Some)> Groups(int points, Job job, string stage)
    {
        for (var first = 0; first < points; first += copies)
        {
            job.Report(stage, first, points);
            yield return (first, Math.Min(copies, points - first));
        }
    }

    /// <summary>(samples, points, …) where the input is that far on its way, and what is explained there, (samples, points).</summary>
    public (ActivationAndGradient Pair, Tensor Scores) At(double[] points)
    {
        var (target, scores) = (known.Repeated(points.Length), (Tensor?)null);
        if (LayerGradients.Of(model, Line.Points(start, batch, points), [layer], target, read => scores = target.Of(read).MoveToOuterDisposeScope()) is not [var pair, ..])
            throw new InputException($"Layer {layer.Name} did not run: it lies on a branch that this input does not take. Choose another layer.");
        return (new(layer, Line.Rowed(pair.Activation, points.Length), Line.Rowed(pair.Gradient, points.Length)), Line.Rowed(scores!, points.Length));
    }
}
