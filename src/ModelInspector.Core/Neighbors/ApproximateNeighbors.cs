using ModelInspector.Numerics;

namespace ModelInspector.Neighbors;

/// <summary>
/// Looks at pairs that are likely near: rows that fall together in random projection trees, then neighbours of neighbours, until a
/// sample of rows has enough of its true neighbours.
/// </summary>
/// <param name="Metric">How far two rows are apart.</param>
/// <param name="Recall">Share of the true neighbours that must be found on the sample before the search stops.</param>
/// <param name="Trees">Random projection trees to start from; two more for every doubling of the rows beyond 125,000.</param>
/// <param name="MostRounds">Most rounds of neighbours of neighbours.</param>
/// <remarks>
/// Trees: Dasgupta and Freund, STOC 2008. Rounds: nearest-neighbour descent, Dong, Moses, Li, WWW 2011, with every row reading the lists of
/// the round before and writing its own, so that the result does not depend on threads; they end when they hardly find more. Cost: about n·ln n for the trees and n for
/// each round. The recall reached is reported with the table, also when it is below the one asked for. New rows are searched exactly.
/// </remarks>
public sealed record ApproximateNeighbors(Metric Metric = Metric.Euclidean, double Recall = 0.95, int Trees = 6, int MostRounds = 8) : INeighborSearch
{
    private const int Room = 64, Sample = 500, FewRows = 125_000;
    private const double HardlyMore = 0.002;

    /// <inheritdoc/>
    public INeighborIndex Index(Matrix data, Job job) => new Forest(data, this);

    private sealed class Forest(Matrix data, ApproximateNeighbors search) : INeighborIndex
    {
        private readonly int trees = search.Trees + Math.Max(0, (int)(2 * Math.Log2((double)data.Rows / FewRows)));

        public int Rows => data.Rows;

        public NeighborTable All(int count, Job job)
        {
            count = Math.Max(0, Math.Min(count, Rows - 1));
            var tile = TileRows(count);
            if (Rows <= 2 * tile) return new ExactNeighbors(search.Metric).Index(data, job).All(count, job);
            var turned = new MetricRows(data, search.Metric);
            var turn = LeadingTurn.Of(turned.Rows, PackedRows.LeadingOf(data.Columns));
            var rows = turn is null ? turned.Rows : turn.Apply(turned.Rows);
            using var near = new Candidates(Rows, count, Room);
            Plant(rows, tile, near, job);
            var sample = new RecallSample(data, search.Metric, Math.Min(Sample, Rows), count, job);
            var descent = new NeighborDescent(rows, near);
            var recall = sample.Measure(near);
            for (var (round, before) = (0, double.NegativeInfinity); round < search.MostRounds && recall < search.Recall && recall > before + HardlyMore; round++)
            {
                job.Report("neighbours", trees + round, trees + search.MostRounds, $"recall {recall:0.000}");
                if (!descent.Round(job)) break;
                (before, recall) = (recall, sample.Measure(near));
            }
            job.Report("neighbours", 1, 1, $"recall {recall:0.000}");
            var identity = Enumerable.Range(0, Rows).ToArray();
            return NeighborOrder.Of(turned.Rows, identity, turned, near, count) with { Recall = recall };
        }

        public NeighborTable Query(Matrix rows, int count, Job job) => new ExactNeighbors(search.Metric).Index(data, job).Query(rows, count, job);

        // So many rows meet in a tree that each finds several times the neighbours it wants.
        private int TileRows(int count) =>
            Math.Max(PackedRows.TileRowsOf(Rows, data.Columns), RowParallel.Chunks(4 * count, PackedRows.Leaf) * PackedRows.Leaf);

        // Rows that lie in one tile of a tree's order all meet, if they have not met in a tree before.
        private void Plant(Matrix rows, int tileRows, Candidates near, Job job)
        {
            var tiles = new int[Rows * trees];
            for (var tree = 0; tree < trees; tree++)
            {
                job.Report("neighbours", tree, trees + search.MostRounds);
                using var panels = new PackedRows(rows, NearOrder.Random(rows, tileRows, new Randomness(job.Seed, 0x7EE + (ulong)tree)), tileRows);
                var before = tree;
                var view = new CandidateView(near, panels.Order, (row, other) => HaveMet(tiles, row * trees, other * trees, before));
                RowParallel.Run(panels.Tiles, 1, (_, tile, _) => PairFilter.Scan(panels, tile, panels, tile, view, null), job.Cancel);
                for (var place = 0; place < Rows; place++) tiles[panels.Order[place] * trees + tree] = place / tileRows;
            }
        }

        private static bool HaveMet(int[] tiles, int row, int other, int grown)
        {
            for (var tree = 0; tree < grown; tree++)
                if (tiles[row + tree] == tiles[other + tree]) return true;
            return false;
        }
    }
}
