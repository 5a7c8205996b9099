using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Training;

/// <summary>Starting weights that depend on a seed alone, so that libtorch's own random state plays no part in a training.</summary>
internal static class SeededWeights
{
    /// <summary>
    /// Fills every weight of two or more axes with normal numbers of variance <paramref name="gain"/> / fan-in (He et al., ICCV 2015, eq. 10,
    /// has gain 2) and every bias with zero. Scales of normalisation layers keep their ones.
    /// </summary>
    public static void Fill(nn.Module module, ulong seed, double gain = 2)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (index, (name, parameter)) in module.named_parameters().Index())
        {
            if (parameter.dim() > 1) parameter.copy_(Normal(parameter.shape, new Randomness(seed, (ulong)index), gain));
            else if (name.EndsWith("bias", StringComparison.Ordinal)) parameter.zero_();
        }
    }

    private static Tensor Normal(long[] shape, Randomness source, double gain)
    {
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        var deviation = Math.Sqrt(gain * shape[0] / values.Length);
        for (var i = 0; i < values.Length; i++) values[i] = (float)(deviation * source.Normal((ulong)i));
        return tensor(values).reshape(shape);
    }
}
