using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Activations;

/// <summary>What is kept of a layer's positions.</summary>
public enum Pooling
{
    /// <summary>All of them.</summary>
    None,

    /// <summary>Each channel's mean over positions.</summary>
    Mean,

    /// <summary>Each channel's largest value over positions.</summary>
    Max,

    /// <summary>Each channel's 0.9 quantile over positions: how strongly it answers where it answers, and no single position decides.</summary>
    Quantile,
}

/// <summary>Pooling over positions.</summary>
public static class SpatialPooling
{
    private const double Share = 0.9;

    /// <summary>
    /// (N, C, H, W) or (N, C, D, H, W) → (N, C). Arrays of lower rank hold features or tokens, not channels by position, and stay as they are.
    /// </summary>
    /// <remarks>Means are summed in double; a NaN among the positions stays NaN.</remarks>
    public static NdArray Pool(this NdArray activation, Pooling pooling)
    {
        if (pooling == Pooling.None || activation.Shape.Length < 4) return activation;
        var pooled = new NdArray(activation.Shape[0], activation.Shape[1]);
        var positions = activation.Shape.Skip(2).Aggregate(1, (product, size) => product * size);
        if (positions == 0) throw new InputException($"A layer of shape ({string.Join(", ", activation.Shape)}) has no positions to pool over; capture it without pooling.");
        for (var i = 0; i < pooled.Values.Length; i++)
        {
            var channel = activation.Values.AsSpan(i * positions, positions);
            pooled.Values[i] = pooling switch
            {
                Pooling.Max => TensorPrimitives.Max(channel),
                Pooling.Quantile => Quantile(channel),
                _ => Mean(channel),
            };
        }
        return pooled;
    }

    // Linear between order statistics.
    private static float Quantile(ReadOnlySpan<float> values)
    {
        float[] sorted = [.. values];
        if (sorted.Any(float.IsNaN)) return float.NaN;
        Array.Sort(sorted);
        var place = Share * (sorted.Length - 1);
        var low = (int)place;
        return low + 1 < sorted.Length ? (float)(sorted[low] + (place - low) * ((double)sorted[low + 1] - sorted[low])) : sorted[low];
    }

    private static float Mean(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return (float)(sum / values.Length);
    }
}
