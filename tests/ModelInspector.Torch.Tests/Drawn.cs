using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Torch.Tests;

/// <summary>Tensors of random values. Tests run side by side and share libtorch's generator, so that seeding it promises nothing; these depend on their seed alone.</summary>
internal static class Drawn
{
    /// <summary>Normally distributed, mean 0, deviation 1.</summary>
    public static Tensor Normal(ulong seed, params long[] shape) => Of(shape, new Randomness(seed).Normal);

    /// <summary>Evenly distributed, from 0 to 1.</summary>
    public static Tensor Even(ulong seed, params long[] shape) => Of(shape, new Randomness(seed).Uniform);

    private static Tensor Of(long[] shape, Func<ulong, double> draw) =>
        tensor([.. Enumerable.Range(0, (int)shape.Aggregate(1L, (product, size) => product * size)).Select(i => (float)draw((ulong)i))], shape);
}
