using ModelInspector.Numerics;

namespace ModelInspector.Datasets.Phantom;

/// <summary>One stream of random numbers, drawn one after the other. Each part of the anatomy has its own, so that no part disturbs another.</summary>
internal sealed class Dice(ulong seed, ulong stream)
{
    private readonly Randomness source = new(seed, stream);
    private ulong next;

    public double Between(double low, double high) => low + (high - low) * source.Uniform(next++);

    public int Below(int count) => source.Below(count, next++);

    public bool Chance(double probability) => Between(0, 1) < probability;

    /// <summary>Normal, cut off at two standard deviations.</summary>
    public double Around(double mean, double deviation)
    {
        var normal = source.Normal(next++ + (1UL << 32));
        return mean + deviation * Math.Clamp(normal, -2, 2);
    }
}
