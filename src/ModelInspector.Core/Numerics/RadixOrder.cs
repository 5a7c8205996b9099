namespace ModelInspector.Numerics;

/// <summary>Sorts 32-bit keys by their digits: for maps of many thousand positions several times faster than comparing.</summary>
internal static class RadixOrder
{
    private const int Bits = 11;
    private const int Buckets = 1 << Bits;

    /// <summary>Sorts ascending. <paramref name="scratch"/> is as long as the keys.</summary>
    public static void Sort(Span<uint> keys, Span<uint> scratch)
    {
        Span<int> counts = stackalloc int[3 * Buckets];
        counts.Clear();
        foreach (var key in keys)
        {
            counts[(int)(key % Buckets)]++;
            counts[Buckets + (int)((key >> Bits) % Buckets)]++;
            counts[2 * Buckets + (int)(key >> (2 * Bits))]++;
        }
        var from = keys;
        var to = scratch[..keys.Length];
        for (var digit = 0; digit < 3; digit++)
        {
            var starts = counts.Slice(digit * Buckets, Buckets);
            if (IsOneBucket(starts, keys.Length)) continue;
            Scatter(from, to, starts, digit * Bits);
            var swap = from;
            from = to;
            to = swap;
        }
        if (from != keys) from.CopyTo(keys);
    }

    private static bool IsOneBucket(ReadOnlySpan<int> counts, int length) => counts.IndexOf(length) >= 0;

    private static void Scatter(ReadOnlySpan<uint> from, Span<uint> to, Span<int> starts, int shift)
    {
        var next = 0;
        foreach (ref var start in starts) (start, next) = (next, next + start);
        foreach (var key in from) to[starts[(int)((key >> shift) % Buckets)]++] = key;
    }
}
