using ModelInspector.Numerics;

namespace ModelInspector.Neighbors;

/// <summary>Looks at every pair: closeness by a dense product, filtered in registers, candidates kept by partial selection.</summary>
/// <param name="Metric">How far two rows are apart.</param>
/// <remarks>
/// Cost: n²·d/2 multiplications for all rows of a set among themselves (every pair is computed once and offered to both), n·m·d for
/// others. Float32; a few more candidates than asked for are kept and their distances computed again from differences, so that
/// cancellation in the product does not decide between near neighbours.
/// </remarks>
public sealed record ExactNeighbors(Metric Metric = Metric.Euclidean) : INeighborSearch
{
    private const int Spare = 8, Room = 88;

    /// <inheritdoc/>
    public INeighborIndex Index(Matrix data, Job job) => new AllPairs(data, Metric);

    private sealed class AllPairs(Matrix data, Metric metric) : INeighborIndex
    {
        private readonly MetricRows turned = new(data, metric);
        private PackedRows? panels;

        public int Rows => turned.Rows.Rows;

        private PackedRows Panels => panels ??= new PackedRows(turned.Rows);

        public NeighborTable All(int count, Job job)
        {
            count = Math.Max(0, Math.Min(count, Rows - 1));
            var near = new Candidates(Rows, Math.Min(count + Spare, Rows), Room);
            var rounds = Tournament.Rounds(Panels.Tiles);
            for (var round = 0; round < rounds.Length; round++)
            {
                job.Report("neighbours", round, rounds.Length);
                var pairs = rounds[round];
                RowParallel.Run(pairs.Length, 1, (_, pair, _) => Meet(pairs[pair].Left, pairs[pair].Right, near), job.Cancel);
            }
            job.Report("neighbours", rounds.Length, rounds.Length);
            return NeighborOrder.Of(turned.Rows, turned, near, count);
        }

        public NeighborTable Query(Matrix rows, int count, Job job)
        {
            if (rows.Columns != turned.Rows.Columns)
                throw new InputException($"Neighbours are searched among rows of {turned.Rows.Columns} columns; the new rows have {rows.Columns}.");
            count = Math.Min(count, Rows);
            var asking = turned.Turn(rows);
            if (rows.Rows == 0) return new NeighborTable(0, count, [], []);
            var near = new Candidates(rows.Rows, Math.Min(count + Spare, Rows), Room);
            var asked = new PackedRows(asking);
            RowParallel.Run(asked.Tiles, 1, (_, tile, _) =>
            {
                for (var other = 0; other < Panels.Tiles; other++) PairFilter.Scan(asked, tile, Panels, other, near, null);
            }, job.Cancel);
            return NeighborOrder.Of(asking, turned, near, count);
        }

        private void Meet(int left, int right, Candidates near) =>
            PairFilter.Scan(Panels, left, Panels, right, near, left == right ? null : near);
    }
}
