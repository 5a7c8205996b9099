namespace ModelInspector.Numerics;

/// <summary>Partial ordering.</summary>
internal static class Selection
{
    /// <summary>Moves the <paramref name="count"/> smallest keys to the front, the largest of them last (Hoare's selection).</summary>
    public static void Smallest(Span<ulong> keys, int count)
    {
        int low = 0, high = keys.Length - 1, wanted = count - 1;
        while (low < high)
        {
            var pivot = Median(keys[low], keys[(low + high) >>> 1], keys[high]);
            int i = low, j = high;
            while (i <= j)
            {
                while (keys[i] < pivot) i++;
                while (keys[j] > pivot) j--;
                if (i > j) break;
                (keys[i], keys[j]) = (keys[j--], keys[i++]);
            }
            if (wanted <= j) high = j;
            else if (wanted >= i) low = i;
            else return;
        }
    }

    private static ulong Median(ulong a, ulong b, ulong c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
