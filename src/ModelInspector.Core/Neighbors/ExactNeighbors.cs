using ModelInspector.Numerics;

namespace ModelInspector.Neighbors;

/// <summary>Looks at every pair: closeness by a dense product, filtered in registers, candidates kept by partial selection.</summary>
/// <param name="Metric">How far two rows are apart.</param>
/// <remarks>
/// Cost: n²·d/2 multiplications for all rows of a set among themselves (every pair is computed once and offered to both), n·m·d for
/// others; pairs that the leading columns rule out cost a quarter. Float32; a few more candidates than asked for are kept and their distances computed again from differences, so that
/// cancellation in the product does not decide between near neighbours.
/// </remarks>
public sealed record ExactNeighbors(Metric Metric = Metric.Euclidean) : INeighborSearch
{
    private const int Spare = 8, Room = 48;

    /// <inheritdoc/>
    public INeighborIndex Index(Matrix data, Job job) => new AllPairs(data, Metric);

    private sealed class AllPairs : INeighborIndex
    {
        private readonly MetricRows turned;
        private readonly LeadingTurn? turn;

        public AllPairs(Matrix data, Metric metric)
        {
            turned = new MetricRows(data, metric);
            turn = LeadingTurn.Of(turned.Rows, PackedRows.LeadingOf(data.Columns));
        }

        public int Rows => turned.Rows.Rows;

        public NeighborTable All(int count, Job job)
        {
            count = Math.Max(0, Math.Min(count, Rows - 1));
            using var panels = Pack(turned.Rows);
            using var near = new Candidates(Rows, Math.Min(count + Spare, Rows), Room);
            var view = new CandidateView(near);
            var rounds = Tournament.Rounds(panels.Tiles);
            for (var round = 0; round < rounds.Length; round++)
            {
                job.Report("neighbours", round, rounds.Length);
                var pairs = rounds[round];
                RowParallel.Run(pairs.Length, 1, (_, pair, _) =>
                {
                    var (left, right) = pairs[pair];
                    PairFilter.Scan(panels, left, panels, right, view, left == right ? null : view);
                }, job.Cancel);
            }
            job.Report("neighbours", rounds.Length, rounds.Length);
            return NeighborOrder.Of(turned.Rows, panels.Order, turned, near, count);
        }

        public NeighborTable Query(Matrix rows, int count, Job job)
        {
            if (rows.Columns != turned.Rows.Columns)
                throw new InputException($"Neighbours are searched among rows of {turned.Rows.Columns} columns; the new rows have {rows.Columns}.");
            count = Math.Min(count, Rows);
            if (rows.Rows == 0) return new NeighborTable(0, count, [], []);
            var asking = turned.Turn(rows);
            using PackedRows searched = Pack(turned.Rows), asked = Pack(asking);
            using var near = new Candidates(rows.Rows, Math.Min(count + Spare, Rows), Room);
            var view = new CandidateView(near);
            RowParallel.Run(asked.Tiles, 1, (_, tile, _) =>
            {
                for (var other = 0; other < searched.Tiles; other++) PairFilter.Scan(asked, tile, searched, other, view, null);
            }, job.Cancel);
            return NeighborOrder.Of(asking, asked.Order, turned, near, count);
        }

        private PackedRows Pack(Matrix rows) => new(turn is null ? rows : turn.Apply(rows));
    }
}
