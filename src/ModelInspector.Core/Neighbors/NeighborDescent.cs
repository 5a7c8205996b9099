using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Neighbors;

/// <summary>Rounds of nearest-neighbour descent: a neighbour of a neighbour is likely a neighbour.</summary>
internal sealed class NeighborDescent(Matrix rows, Candidates near)
{
    private const int Forward = 16, Backward = 16, Fan = Forward + Backward;
    private readonly int[] lists = new int[rows.Rows * Fan];
    private readonly bool[] fresh = new bool[rows.Rows * Fan];
    private int[]? before;

    /// <summary>Offers every row the neighbours of its neighbours, as they were before the round; returns whether anything was new to try.</summary>
    public bool Round(Job job)
    {
        var nearest = Nearest();
        Link(nearest);
        before = nearest;
        if (!fresh.AsSpan().Contains(true)) return false;
        RowParallel.Run(rows.Rows, 256, () => new Marks(rows.Rows, near.Keep), (marks, _, from, to) =>
        {
            for (var row = from; row < to; row++) Offer(row, marks);
        }, job.Cancel);
        return true;
    }

    private int[] Nearest()
    {
        var nearest = new int[rows.Rows * Forward];
        RowParallel.Run(rows.Rows, 256, () => new int[near.Keep], (mine, _, from, to) =>
        {
            for (var row = from; row < to; row++)
            {
                var found = Math.Min(near.CollectNearest(row, mine), Forward);
                mine.AsSpan(0, found).CopyTo(nearest.AsSpan(row * Forward));
                nearest.AsSpan(row * Forward + found, Forward - found).Fill(-1);
            }
        });
        return nearest;
    }

    // Each row's nearest and those it is among the nearest of, the nearest first; fresh are links that the round before did not have.
    private void Link(int[] nearest)
    {
        Array.Fill(lists, -1);
        var backward = new int[rows.Rows];
        for (var row = 0; row < rows.Rows; row++) nearest.AsSpan(row * Forward, Forward).CopyTo(lists.AsSpan(row * Fan));
        for (var rank = 0; rank < Forward; rank++)
            for (var row = 0; row < rows.Rows; row++)
            {
                var other = nearest[row * Forward + rank];
                if (other < 0 || backward[other] == Backward) continue;
                var place = other * Fan + Forward + backward[other]++;
                (lists[place], fresh[place]) = (row, IsNew(row, rank, nearest));
            }
        for (var link = 0; link < nearest.Length; link++)
            fresh[link / Forward * Fan + link % Forward] = nearest[link] >= 0 && IsNew(link / Forward, link % Forward, nearest);
    }

    private bool IsNew(int row, int rank, int[] nearest) =>
        before is null || !before.AsSpan(row * Forward, Forward).Contains(nearest[row * Forward + rank]);

    private void Offer(int row, Marks marks)
    {
        marks.Start(row, near);
        for (var first = row * Fan; first < (row + 1) * Fan; first++)
            if (lists[first] >= 0)
                for (var second = lists[first] * Fan; second < (lists[first] + 1) * Fan; second++)
                    if (lists[second] >= 0 && (fresh[first] || fresh[second]) && marks.Add(lists[second])) Offer(row, lists[second]);
    }

    private void Offer(int row, int other)
    {
        var apart = TensorPrimitives.Distance(rows.Row(row), rows.Row(other));
        var closeness = -apart * apart / 2;
        if (closeness >= near.Reach[row]) near.Offer(row, closeness, other);
    }

    /// <summary>Which rows one row has met in this round, or knows already.</summary>
    private sealed class Marks(int count, int keep)
    {
        private readonly int[] met = new int[count], known = new int[keep];
        private int mark;

        public void Start(int row, Candidates near)
        {
            mark++;
            met[row] = mark;
            foreach (var other in known.AsSpan(0, near.Collect(row, known))) met[other] = mark;
        }

        public bool Add(int other)
        {
            if (met[other] == mark) return false;
            met[other] = mark;
            return true;
        }
    }
}
