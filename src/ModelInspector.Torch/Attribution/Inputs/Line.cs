using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Inputs;

/// <summary>A straight path from a baseline to where the network really is, at its input or at a layer, and the gradients along it.</summary>
/// <param name="From">The start: (samples, …).</param>
/// <param name="To">The end, same shape.</param>
/// <param name="Gradient">The gradients at (samples · copies, …) values, copies of a sample in a row.</param>
internal sealed record Line(Tensor From, Tensor To, Func<Tensor, int, Tensor> Gradient)
{
    private const int Most = 64;
    private const long Budget = 1L << 30;

    /// <summary>How many copies of each sample go into one run: enough to keep the machine busy, as few as memory allows. A backward pass keeps every layer's output and makes as many gradients.</summary>
    public static int Copies(IModel model, Tensor batch)
    {
        if (model.Graph.FixedBatch is not null) return 1;
        var samples = Math.Max(1, batch.shape[0]);
        var each = batch.numel() / samples + model.Graph.Layers.Sum(layer => layer.Output.Skip(1).Aggregate(1L, (product, size) => product * Math.Max(1, size)));
        return (int)Math.Max(1, Math.Min(Most, Math.Min(Budget, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 8) / (2 * sizeof(float) * each)) / samples);
    }

    /// <summary>Points on the way, each sample's in a row: (samples · points, …).</summary>
    public static Tensor Points(Tensor from, Tensor to, double[] at)
    {
        using var scope = NewDisposeScope();
        var share = tensor(at, dtype: to.dtype, device: to.device).reshape([1, at.Length, .. Enumerable.Repeat(1L, (int)to.Dimensions - 1)]);
        var points = from.unsqueeze(1) + (share * (to - from).unsqueeze(1)); // (samples, points, …)
        return points.flatten(0, 1).MoveToOuterDisposeScope();
    }

    /// <summary>∫ gradient along the path, by the nodes: of the path's shape.</summary>
    public Tensor MeanGradient(Nodes nodes, int copies, Job job, string stage)
    {
        using var scope = NewDisposeScope();
        var sum = zeros_like(To);
        for (var first = 0; first < nodes.Points.Length; first += copies)
        {
            var some = Math.Min(copies, nodes.Points.Length - first);
            job.Report(stage, first, nodes.Points.Length);
            using var inner = NewDisposeScope();
            var gradients = Gradient(Points(From, To, nodes.Points[first..(first + some)]), some);
            var weights = tensor(nodes.Weights[first..(first + some)], dtype: To.dtype, device: To.device);
            sum.add_(Rowed(gradients, some).mul(weights.reshape([1, some, .. Enumerable.Repeat(1L, (int)To.Dimensions - 1)])).sum(1));
        }
        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>(samples · copies, …) as (samples, copies, …).</summary>
    /// <exception cref="InputException">The first axis does not count samples.</exception>
    public static Tensor Rowed(Tensor values, int copies) =>
        values.Dimensions > 0 && values.shape[0] % copies == 0 ? values.reshape([values.shape[0] / copies, copies, .. values.shape[1..]])
        : throw new InputException($"The layer gives ({string.Join(", ", values.shape)}), whose first axis does not count samples. Choose a layer that keeps samples apart on its first axis.");
}
