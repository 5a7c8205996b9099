using ModelInspector.Neighbors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>
/// UMAP's stochastic descent in parallel and with the same bits at any thread count. Points are cut into blocks; edges between two blocks are
/// worked on one after the other, each moving both its ends by the same amount, while other pairs of blocks are worked on at the
/// same time, in rounds in which no block plays twice. Negative samples are read where they were at the start of the epoch. An edge takes
/// part in a share of the epochs proportional to its weight.
/// </summary>
internal sealed class UmapDescent
{
    private const int MostBlocks = 64, FewestRows = 128;
    private readonly UmapForces forces;
    private readonly int negatives;
    private readonly ulong seed;
    private readonly Matrix before;
    private readonly Edge[] edges; // by pair of blocks
    private readonly (int From, int To)[][] rounds; // edges of the pairs of every round

    public UmapDescent(SparseRows graph, Matrix start, UmapForces forces, int negatives, ulong seed)
    {
        (this.forces, this.negatives, this.seed, Points) = (forces, negatives, seed, start);
        before = new Matrix(start.Rows, start.Columns);
        var rows = Math.Max(FewestRows, RowParallel.Chunks(start.Rows, MostBlocks));
        var blocks = RowParallel.Chunks(start.Rows, rows);
        var starts = Count(graph, rows, blocks);
        edges = Sort(graph, rows, blocks, starts);
        rounds = [.. Tournament.Rounds(blocks).Select(round => round
            .Select(pair => Math.Min(pair.Left, pair.Right) * blocks + Math.Max(pair.Left, pair.Right))
            .Select(pair => (starts[pair], starts[pair + 1])).Where(part => part.Item2 > part.Item1).ToArray())];
    }

    /// <summary>Where the points are.</summary>
    public Matrix Points { get; }

    /// <summary>One epoch.</summary>
    public void Epoch(int epoch, float rate)
    {
        Points.Values.CopyTo(before.Values, 0);
        var random = new Randomness(seed, (ulong)epoch);
        foreach (var round in rounds)
            RowParallel.Run(round.Length, 1, (_, pair, _) =>
            {
                for (var edge = round[pair].From; edge < round[pair].To; edge++)
                    if (edges[edge].IsDue(epoch)) Use(edges[edge], (ulong)edge, random, rate);
            });
    }

    // An edge of the graph counts once from either end.
    private void Use(Edge edge, ulong number, Randomness random, float rate)
    {
        Span<float> one = Points.Row(edge.One), other = Points.Row(edge.Other);
        var draw = 2 * number * (ulong)negatives;
        forces.Join(one, other, rate);
        for (var sample = 0; sample < negatives; sample++) Push(one, edge.One, random.Below(before.Rows, draw++), rate);
        forces.Join(other, one, rate);
        for (var sample = 0; sample < negatives; sample++) Push(other, edge.Other, random.Below(before.Rows, draw++), rate);
    }

    private void Push(Span<float> place, int row, int from, float rate)
    {
        if (from != row) forces.Repel(place, before.Row(from), rate);
    }

    private static int[] Count(SparseRows graph, int rows, int blocks)
    {
        var starts = new int[blocks * blocks + 1];
        for (var row = 0; row < graph.Rows; row++)
            foreach (var other in graph.ColumnsOf(row))
                if (other > row) starts[row / rows * blocks + other / rows + 1]++;
        for (var pair = 0; pair < starts.Length - 1; pair++) starts[pair + 1] += starts[pair];
        return starts;
    }

    private static Edge[] Sort(SparseRows graph, int rows, int blocks, int[] starts)
    {
        var (edges, next, largest) = (new Edge[starts[^1]], (int[])starts.Clone(), graph.Values.DefaultIfEmpty(1).Max());
        for (var row = 0; row < graph.Rows; row++)
            for (var k = graph.Starts[row]; k < graph.Starts[row + 1]; k++)
                if (graph.Columns[k] > row)
                    edges[next[row / rows * blocks + graph.Columns[k] / rows]++] = new Edge(row, graph.Columns[k], (ushort)Math.Round(graph.Values[k] / largest * ushort.MaxValue));
        return edges;
    }

    /// <param name="One">The end of smaller index.</param>
    /// <param name="Other">The other end.</param>
    /// <param name="Share">Of the epochs, in 1/65535.</param>
    private readonly record struct Edge(int One, int Other, ushort Share)
    {
        // Whether the share of the epochs so far passes a whole number in this one.
        public bool IsDue(int epoch) => (uint)((long)(epoch + 1) * Share / ushort.MaxValue) != (uint)((long)epoch * Share / ushort.MaxValue);
    }
}
