namespace ModelInspector.Numerics;

/// <summary>Quantiles of a stream that is too long to keep (KLL: compactors of geometrically growing weight).</summary>
/// <remarks>
/// Level l holds values that stand for 2^l values each. A level that is full is sorted and hands every other value, from a random start, to the level above.
/// Memory: about 3·<see cref="Size"/> float32, whatever the number of values; a value costs O(log <see cref="Size"/>). Exact up to <see cref="Size"/> values.
/// Above, the value given for q has, with 99 % probability, a rank between q − ε and q + ε, where ε = 2.296 / <see cref="Size"/>^0.9723 (1024: 0.27 %).
/// The error is one of rank, not of value: where few values lie, a small error of rank can be a large one of value.
/// Source: Karnin, Lang, Liberty, Optimal quantile approximation in streams, FOCS 2016; ε as measured for its reference implementation (Apache DataSketches).
/// </remarks>
public sealed class QuantileSketch
{
    private const double Shrink = 2.0 / 3;
    private const int Smallest = 8;

    private readonly Randomness coins;
    private readonly List<Level> levels = [new()];
    private ulong compactions;

    /// <summary>An empty sketch.</summary>
    /// <param name="size">Values that the top level holds.</param>
    /// <param name="seed">Decides which half of a full level goes up: same seed and same values in the same order, same bits.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 8 values.</exception>
    public QuantileSketch(int size = 1024, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, Smallest);
        (Size, coins) = (size, new Randomness(seed, 0x4B4C4C));
    }

    /// <summary>Values that the top level holds.</summary>
    public int Size { get; }

    /// <summary>Values seen, those that are not a number left out.</summary>
    public long Count { get; private set; }

    /// <summary>Largest error of rank with 99 % probability; 0 while every value is still there.</summary>
    public double RankError => levels.Count == 1 ? 0 : 2.296 / Math.Pow(Size, 0.9723);

    /// <summary>Takes values in; those that are not a number are left out.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
            if (!float.IsNaN(value)) Add(value);
    }

    /// <summary>The value below or at which a share of <paramref name="q"/> of all values lies; NaN when there is none.</summary>
    /// <param name="q">Between 0 (the least) and 1 (the greatest).</param>
    /// <exception cref="ArgumentOutOfRangeException">Not between 0 and 1.</exception>
    public float Quantile(double q)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(q);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(q, 1);
        var held = levels.SelectMany((level, index) => level.Values.Take(level.Count).Select(value => (Value: value, Weight: 1L << index))).OrderBy(pair => pair.Value).ToList();
        var (wanted, seen) = (Math.Max(1, Math.Ceiling(q * held.Sum(pair => pair.Weight))), 0L);
        foreach (var (value, weight) in held)
            if ((seen += weight) >= wanted) return value;
        return float.NaN;
    }

    private void Add(float value)
    {
        Count++;
        levels[0].Put(value);
        for (var i = 0; i < levels.Count && levels[i].Count >= Room(i); i++) Compact(i);
    }

    private int Room(int level) => Math.Max(Smallest, (int)Math.Ceiling(Size * Math.Pow(Shrink, levels.Count - 1 - level)));

    // An odd one out, the least, stays: weights are then kept exactly.
    private void Compact(int index)
    {
        if (index == levels.Count - 1) levels.Add(new());
        var (level, above) = (levels[index], levels[index + 1]);
        level.Values.AsSpan(0, level.Count).Sort();
        var odd = level.Count & 1;
        for (var i = odd + (int)(coins.Bits(compactions++) & 1); i < level.Count; i += 2) above.Put(level.Values[i]);
        level.Count = odd;
    }

    private sealed class Level
    {
        public float[] Values { get; private set; } = new float[Smallest];

        public int Count { get; set; }

        public void Put(float value)
        {
            if (Count == Values.Length) Values = [.. Values, .. new float[Count]];
            Values[Count++] = value;
        }
    }
}
