namespace ModelInspector.Numerics;

/// <summary>
/// Random numbers by address: value <c>index</c> of stream <c>stream</c> of a seed is a pure function of the three (SplitMix64's
/// finaliser, applied to the address), so that work in any order and on any number of threads draws the same numbers.
/// Source: Steele, Lea, Flood, Fast splittable pseudorandom number generators, OOPSLA 2014.
/// </summary>
public readonly struct Randomness(ulong seed, ulong stream = 0)
{
    private readonly ulong key = Mix(Mix(seed + 0x9E3779B97F4A7C15) ^ (stream * 0xD1342543DE82EF95 + 0x2545F4914F6CDD1D));

    /// <summary>64 random bits.</summary>
    public ulong Bits(ulong index) => Mix(key + (index + 1) * 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform(ulong index) => (Bits(index) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform among 0 … <paramref name="count"/> − 1 (bias below count/2⁶⁴).</summary>
    public int Below(int count, ulong index) => (int)Math.BigMul(Bits(index), (ulong)count, out _);

    /// <summary>Standard normal (Box–Muller; uses addresses 2·index and 2·index + 1).</summary>
    public double Normal(ulong index) =>
        Math.Sqrt(-2 * Math.Log(1 - Uniform(2 * index))) * Math.Cos(2 * Math.PI * Uniform(2 * index + 1));

    /// <summary>The first <paramref name="take"/> entries of a random permutation of 0 … <paramref name="count"/> − 1.</summary>
    public int[] Choose(int count, int take)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = 0; i < take; i++)
        {
            var other = i + Below(count - i, (ulong)i);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order[..take];
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
