using ModelInspector.Numerics;

namespace ModelInspector.Evaluation.Faithfulness;

/// <summary>What is put in the place of removed positions.</summary>
public enum Fill
{
    /// <summary>What the kept neighbours suggest, smoothly, with a little noise (ROAD).</summary>
    NoisyLinear,

    /// <summary>The mean of the image's kept positions, each channel its own.</summary>
    Mean,

    /// <summary>Zero, in the network's units.</summary>
    Zero,
}

/// <summary>Fills removed positions of an image.</summary>
/// <param name="Fill">What is put in.</param>
/// <param name="Noise">Standard deviation of the noise on top of <see cref="Fill.NoisyLinear"/>, as a share of the image's range.</param>
/// <remarks>
/// Noisy linear imputation solves, for all removed positions together, "each is the weighted mean of its neighbours" (direct ones twice the weight of
/// diagonal ones) by conjugate gradients, to 1e-3 of the residual it starts with. Source: Rong et al., ICML 2022, section 4. Where nothing is kept the image's mean is put in.
/// </remarks>
public sealed record Imputation(Fill Fill = Fill.NoisyLinear, double Noise = 0.01)
{
    /// <summary>The image with its removed positions filled.</summary>
    /// <param name="image">(C, H, W) or (C, D, H, W).</param>
    /// <param name="removed">One a position.</param>
    /// <param name="seed">Of the noise.</param>
    /// <exception cref="ArgumentException">There is not one flag a position.</exception>
    public NdArray Apply(NdArray image, bool[] removed, ulong seed)
    {
        var filled = Smooth(image, removed);
        Disturb(filled, image, removed, seed);
        return filled;
    }

    /// <summary>The same before its noise: what of it is the image's.</summary>
    /// <param name="image">(C, H, W) or (C, D, H, W).</param>
    /// <param name="removed">One a position.</param>
    /// <exception cref="ArgumentException">There is not one flag a position.</exception>
    public NdArray Smooth(NdArray image, bool[] removed)
    {
        if (removed.Length != image.Stride) throw new ArgumentException($"{removed.Length} flags for {image.Stride} positions.", nameof(removed));
        var result = new NdArray(image.Shape, [.. image.Values]);
        var grid = Fill == Fill.NoisyLinear && removed.Contains(false) ? new NeighbourGrid(image.Shape[1..], removed) : null;
        for (var channel = 0; channel < image.Shape[0]; channel++) Put(result[channel], Fill == Fill.Zero ? 0 : KeptMean(image[channel], removed), removed, grid);
        return result;
    }

    /// <summary>Adds the noise to a filled image, in place.</summary>
    /// <param name="filled">What <see cref="Smooth"/> gave.</param>
    /// <param name="image">The image before, whose range the noise is measured by.</param>
    /// <param name="removed">One a position.</param>
    /// <param name="seed">Of the noise.</param>
    public void Disturb(NdArray filled, NdArray image, bool[] removed, ulong seed)
    {
        if (Fill != Fill.NoisyLinear) return;
        for (var channel = 0; channel < image.Shape[0]; channel++) Disturb(filled[channel], Range(image[channel]), removed, new Randomness(seed, 0xF111 + (ulong)channel));
    }

    private static void Put(Span<float> result, float constant, bool[] removed, NeighbourGrid? grid)
    {
        if (grid is not null) grid.Solve(result, constant);
        else
            for (var i = 0; i < removed.Length; i++)
                if (removed[i]) result[i] = constant;
    }

    private void Disturb(Span<float> result, float range, bool[] removed, Randomness random)
    {
        for (var i = 0; i < removed.Length; i++)
            if (removed[i]) result[i] += (float)(Noise * range * random.Normal((ulong)i));
    }

    private static float Range(ReadOnlySpan<float> image)
    {
        var (low, high) = (float.MaxValue, float.MinValue);
        foreach (var value in image) (low, high) = (Math.Min(low, value), Math.Max(high, value));
        return high - low;
    }

    private static float KeptMean(ReadOnlySpan<float> image, bool[] removed)
    {
        var (sum, all, kept) = (0.0, 0.0, 0);
        for (var i = 0; i < image.Length; i++)
        {
            all += image[i];
            if (removed[i]) continue;
            sum += image[i];
            kept++;
        }
        return (float)(kept > 0 ? sum / kept : all / image.Length);
    }
}
