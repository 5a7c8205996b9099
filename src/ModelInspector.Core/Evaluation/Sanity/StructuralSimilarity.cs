using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Sanity;

/// <summary>Whether two maps look alike: structural similarity in sliding windows.</summary>
/// <param name="Window">Side of the window in positions; smaller maps take the largest that fits.</param>
/// <remarks>
/// Each map is divided by its largest absolute value. In every full window: (2·m₁m₂ + c₁)(2·cov + c₂) / ((m₁² + m₂² + c₁)(v₁ + v₂ + c₂)), with means m,
/// variances v, c₁ = 0.01², c₂ = 0.03²; the mean over windows. Unit: none; 1 is the same map, 0 unrelated, negative reversed. Windows are even, not Gaussian.
/// Misleads: empty windows on both sides count as alike, so that sparse maps score high; read it beside the rank correlation.
/// </remarks>
[Method("structural-similarity", "Wang et al., IEEE Transactions on Image Processing 2004, eq. 13; Adebayo et al., NeurIPS 2018 (use)", Summary = "Structural similarity (SSIM) of two maps in sliding windows.")]
public sealed record StructuralSimilarity(
    [Range(1, 101)][Description("Side of the window in positions.")] int Window = 7) : IMetric<MapPair>
{
    private const double C1 = 0.01 * 0.01;
    private const double C2 = 0.03 * 0.03;

    /// <inheritdoc/>
    public Score Measure(MapPair subject, Job job)
    {
        if (subject.Undefined is { } reason) return Score.None(reason);
        var (a, b) = (Scaled(subject.One), Scaled(subject.Other));
        var (ma, mb) = (Means(subject, a, a, squared: false), Means(subject, b, b, squared: false));
        var (aa, bb, ab) = (Means(subject, a, a), Means(subject, b, b), Means(subject, a, b));
        var sum = 0.0;
        for (var i = 0; i < ma.Length; i++) sum += Similarity(ma[i], mb[i], aa[i] - ma[i] * ma[i], bb[i] - mb[i] * mb[i], ab[i] - ma[i] * mb[i]);
        return new(sum / ma.Length);
    }

    private static double Similarity(double m1, double m2, double v1, double v2, double cov) =>
        (2 * m1 * m2 + C1) * (2 * cov + C2) / ((m1 * m1 + m2 * m2 + C1) * (v1 + v2 + C2));

    private static double[] Scaled(NdArray map)
    {
        var largest = map.Values.Max(value => Math.Abs((double)value));
        return Array.ConvertAll(map.Values, value => value / largest);
    }

    // Means over every full window, of the values or of their product.
    private double[] Means(MapPair subject, double[] a, double[] b, bool squared = true)
    {
        var values = squared ? [.. a.Zip(b, (x, y) => x * y)] : a;
        var shape = subject.One.Shape;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            var window = Math.Min(Window, shape[axis]);
            values = Along(values, shape, axis, window);
            shape = shape.SetItem(axis, shape[axis] - window + 1);
        }
        return values;
    }

    private static double[] Along(double[] values, ImmutableArray<int> shape, int axis, int window)
    {
        var behind = shape.Skip(axis + 1).Aggregate(1, (product, size) => product * size);
        var (size, left) = (shape[axis], shape[axis] - window + 1);
        var result = new double[values.Length / size * left];
        for (var i = 0; i < result.Length; i++)
        {
            var from = i / (left * behind) * size * behind + i % (left * behind);
            for (var step = 0; step < window; step++) result[i] += values[from + step * behind];
            result[i] /= window;
        }
        return result;
    }
}
