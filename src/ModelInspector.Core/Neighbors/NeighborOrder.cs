using ModelInspector.Numerics;

namespace ModelInspector.Neighbors;

/// <summary>From candidates to the final table: distances from differences, nearest first, ties by index.</summary>
internal static class NeighborOrder
{
    public static NeighborTable Of(Matrix asking, int[] order, MetricRows searched, Candidates near, int count)
    {
        var table = new NeighborTable(asking.Rows, count, new int[checked(asking.Rows * count)], new float[asking.Rows * count]);
        RowParallel.Run(asking.Rows, 64, () => new Scratch(near.Keep), (scratch, _, from, to) =>
        {
            for (var place = from; place < to; place++)
            {
                var row = order[place];
                var found = near.Collect(place, scratch.Indices);
                scratch.Order(asking.Row(row), searched, found);
                scratch.Indices.AsSpan(0, count).CopyTo(table.Indices.AsSpan(row * count));
                scratch.Distances.AsSpan(0, count).CopyTo(table.Distances.AsSpan(row * count));
            }
        });
        return table;
    }

    private sealed class Scratch(int most)
    {
        public int[] Indices { get; } = new int[most];

        public float[] Distances { get; } = new float[most];

        public void Order(ReadOnlySpan<float> asking, MetricRows searched, int found)
        {
            var indices = Indices.AsSpan(0, found);
            for (var slot = 0; slot < found; slot++) Distances[slot] = searched.Distance(asking, searched.Rows.Row(indices[slot]));
            SortByDistance(Distances.AsSpan(0, found), indices);
        }

        // Distances are not negative, so they sort like their bits; the index decides ties.
        private static void SortByDistance(Span<float> distances, Span<int> indices)
        {
            Span<ulong> keys = distances.Length <= 512 ? stackalloc ulong[distances.Length] : new ulong[distances.Length];
            for (var slot = 0; slot < keys.Length; slot++)
                keys[slot] = ((ulong)BitConverter.SingleToUInt32Bits(distances[slot]) << 32) | (uint)indices[slot];
            keys.Sort();
            for (var slot = 0; slot < keys.Length; slot++)
                (distances[slot], indices[slot]) = (BitConverter.UInt32BitsToSingle((uint)(keys[slot] >> 32)), (int)(uint)keys[slot]);
        }
    }
}
