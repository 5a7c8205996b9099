using ModelInspector.Neighbors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>
/// Places new rows into a finished UMAP, which is held fast: from the weighted mean of a row's neighbours, by the same sampled forces. Every
/// row draws the same negative samples, so its place depends on itself and the map alone.
/// </summary>
internal sealed class UmapPlacement(Matrix map, UmapForces forces, int negatives, int epochs, float rate)
{
    public Matrix Place(NeighborTable near, float[] weights, Job job)
    {
        var places = new Matrix(near.Rows, map.Columns);
        for (var from = 0; from < near.Rows; from += 4096)
        {
            job.Report("placing", from, near.Rows);
            var first = from;
            RowParallel.Run(Math.Min(4096, near.Rows - from), 32, (_, low, high) =>
            {
                for (var row = first + low; row < first + high; row++)
                    Place(near.Of(row), weights.AsSpan(row * near.Count, near.Count), places.Row(row), job.Seed);
            }, job.Cancel);
        }
        job.Report("placing", near.Rows, near.Rows);
        return places;
    }

    private void Place(ReadOnlySpan<int> near, ReadOnlySpan<float> weights, Span<float> place, ulong seed)
    {
        float total = 0, largest = 0;
        foreach (var weight in weights) (total, largest) = (total + weight, Math.Max(largest, weight));
        for (var k = 0; k < near.Length; k++)
            for (var axis = 0; axis < place.Length; axis++) place[axis] += weights[k] / total * map[near[k], axis];
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            var (random, drawn, step) = (new Randomness(seed, (ulong)epoch), 0UL, rate * (1 - (float)epoch / epochs));
            for (var k = 0; k < near.Length; k++)
            {
                var share = weights[k] / largest;
                if ((int)((epoch + 1) * share) == (int)(epoch * share)) continue;
                forces.Attract(place, map.Row(near[k]), step);
                for (var sample = 0; sample < negatives; sample++) forces.Repel(place, map.Row(random.Below(map.Rows, drawn++)), step);
            }
        }
    }
}
