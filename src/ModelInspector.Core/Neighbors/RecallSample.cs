using ModelInspector.Numerics;

namespace ModelInspector.Neighbors;

/// <summary>The true neighbours of some rows, to tell how many of them a search has found.</summary>
internal sealed class RecallSample
{
    private readonly int[] rows;
    private readonly NeighborTable truth;
    private readonly int count;

    public RecallSample(Matrix data, Metric metric, int size, int count, Job job)
    {
        rows = new Randomness(job.Seed, 0x5A3).Choose(data.Rows, size);
        this.count = count;
        // One more, because every row finds itself.
        truth = new ExactNeighbors(metric).Index(data, job).Query(data.Select(rows), count + 1, job);
    }

    /// <summary>Mean share of the true neighbours among the candidates.</summary>
    public double Measure(Candidates near)
    {
        if (count == 0) return 1;
        var found = new int[near.Keep];
        var hits = 0L;
        for (var i = 0; i < rows.Length; i++)
        {
            var mine = found.AsSpan(0, near.Collect(rows[i], found));
            mine.Sort();
            var wanted = count;
            foreach (var other in truth.Of(i))
                if (other != rows[i] && wanted-- > 0 && mine.BinarySearch(other) >= 0) hits++;
        }
        return (double)hits / ((long)rows.Length * count);
    }
}
