using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Inputs;

/// <summary>Blur integrated gradients: the integral along a path from a blurred image to the sharp one.</summary>
/// <remarks>
/// Formula: Σ_t ½ (g(x_t) + g(x_{t+1})) · (x_{t+1} − x_t), x_t the image under a Gaussian whose width falls evenly to zero; mirrored at the borders.
/// Result: the batch's shape, unit: score. Sums to the score at x minus that at the most blurred image, but for the steps' error, which is told.
/// Cost: a forward and backward a step; several steps share a run. Source: Xu et al., Attribution in scale and space, CVPR 2020, eq. 7.
/// Misleads: it says at which detail the score appears; what also shows in the most blurred image (brightness) gets nothing.
/// </remarks>
[Method("blur-integrated-gradients", "Xu et al., Attribution in scale and space, CVPR 2020, eq. 7", Summary = "Integrated gradients along a path from a blurred image to the sharp one.")]
public sealed record BlurIntegratedGradients(
    [Description("steps on the path"), Range(1, 100_000)] int Steps = 64,
    [Description("width of the strongest blur, as a share of the longest side"), Range(0.001, 10.0)] double Blur = 0.25) : IAttribution
{
    /// <inheritdoc/>
    /// <exception cref="InputException">The input has no positions.</exception>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job)
    {
        if (batch.Dimensions < 3) throw new InputException($"Blur integrated gradients needs an image; the input has shape ({string.Join(", ", batch.shape)}). Choose integrated-gradients.");
        using var scope = NewDisposeScope();
        var (known, atInput, atBaseline) = Baseline.Scored(model, batch, Blurred(batch, 0), target);
        var copies = Line.Copies(model, batch);
        var sum = zeros_like(batch);
        Tensor? point = null, gradient = null;
        for (var first = 0; first <= Steps; first += copies)
        {
            job.Report("blur integrated gradients", first, Steps);
            using var inner = NewDisposeScope();
            var some = Math.Min(copies, Steps + 1 - first);
            var points = stack([.. Enumerable.Range(first, some).Select(step => Blurred(batch, step))], 1); // (samples, points, …)
            var gradients = Line.Rowed(LayerGradients.OfInput(model, points.flatten(0, 1), known.Repeated(some)), some);
            var (x, g) = point is null ? (points, gradients) : (cat([point, points], 1), cat([gradient!, gradients], 1));
            var (pieces, last) = (x.shape[1] - 1, x.shape[1] - 1);
            sum.add_(((g.narrow(1, 0, pieces) + g.narrow(1, 1, pieces)) * (x.narrow(1, 1, pieces) - x.narrow(1, 0, pieces))).sum(1).mul(0.5));
            (point, gradient) = (x.narrow(1, last, 1).clone().MoveToOuterDisposeScope(), g.narrow(1, last, 1).clone().MoveToOuterDisposeScope());
        }
        job.Report("blur integrated gradients", Steps, Steps, Completeness.Of(sum, atInput, atBaseline).ToString());
        return sum.MoveToOuterDisposeScope();
    }

    private Tensor Blurred(Tensor batch, int step)
    {
        var width = Blur * batch.shape[2..].Max() * (1 - (double)step / Steps);
        if (step == Steps) return batch.alias();
        var blurred = batch;
        for (var axis = 2; axis < batch.Dimensions; axis++)
            blurred = blurred.transpose(axis, -1).matmul(Gaussian((int)batch.shape[axis], width, batch)).transpose(axis, -1);
        return blurred;
    }

    /// <summary>(side, side): column j holds the weights of the values that make value j; the image is mirrored at its borders.</summary>
    private static Tensor Gaussian(int side, double width, Tensor like)
    {
        var weights = new float[side * side];
        var mirrors = (int)Math.Ceiling(4 * width / (2.0 * side)) + 1;
        for (var j = 0; j < side; j++)
        {
            var column = Enumerable.Range(0, side).Select(i => Enumerable.Range(-mirrors, (2 * mirrors) + 1)
                .Sum(k => Bell(i + (2 * k * side) - j, width) + Bell(-1 - i + (2 * k * side) - j, width))).ToArray();
            var total = column.Sum();
            for (var i = 0; i < side; i++) weights[(i * side) + j] = (float)(column[i] / total);
        }
        return tensor(weights, dtype: like.dtype, device: like.device).reshape(side, side);
    }

    private static double Bell(double distance, double width) => Math.Exp(-distance * distance / (2 * width * width));
}
