using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Neighbors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>Where a UMAP starts.</summary>
public enum UmapStart
{
    /// <summary>On the first eigenvectors of the neighbour graph; on principal components when the graph is in several pieces.</summary>
    Spectral,

    /// <summary>On the first principal components.</summary>
    Pca,

    /// <summary>At random.</summary>
    Random,
}

/// <summary>Uniform manifold approximation and projection: lays a fuzzy neighbour graph out in few dimensions.</summary>
/// <param name="NNeighbors">Neighbours of each row, itself counted, as the method's authors count.</param>
/// <param name="MinDist">How close points may lie on the map.</param>
/// <param name="Spread">Scale of the map.</param>
/// <param name="Dimensions">Axes of the map.</param>
/// <param name="Epochs">Passes over the graph; 0 is 500 up to 10,000 rows and 200 above.</param>
/// <param name="NegativeSamples">Random points that each attraction is balanced by.</param>
/// <param name="LearningRate">First step size; it falls linearly to zero.</param>
/// <param name="Initialisation">Where points start.</param>
/// <param name="Metric">How far two rows are apart.</param>
/// <param name="InputDimensions">Principal components that distances are taken in when the data have more columns; 0 keeps all.</param>
/// <param name="NeighborSearch">How neighbours are searched.</param>
/// <remarks>
/// Minimises the cross entropy between the graph's weights and 1/(1 + a·d^(2b)) by sampling. Rows × columns in, rows × dimensions out, without
/// a unit. It misleads as t-SNE does: distances between clusters and densities mean little, small <paramref name="MinDist"/> makes
/// clumps, small <paramref name="NNeighbors"/> makes islands out of noise. Cost: the neighbour search and about n·epochs·20 forces.
/// </remarks>
[Method("umap", "McInnes, Healy, Melville, arXiv 1802.03426, 2018",
    Summary = "A map of the fuzzy neighbour graph; keeps neighbourhoods and some of their arrangement.")]
public sealed record Umap(
    [Range(2, 1000), Description("neighbours of each row, itself counted")] int NNeighbors = 15,
    [Range(0.0, 10.0), Description("how close points may lie on the map")] double MinDist = 0.1,
    [Range(0.1, 100.0), Description("scale of the map")] double Spread = 1,
    [Range(1, 64), Description("axes of the map")] int Dimensions = 2,
    [Range(0, 100000), Description("passes over the graph; 0 is 500 up to 10,000 rows and 200 above")] int Epochs = 0,
    [Range(0, 100), Description("random points that each attraction is balanced by")] int NegativeSamples = 5,
    [Range(0.001, 100.0), Description("first step size")] double LearningRate = 1,
    [Description("where points start")] UmapStart Initialisation = UmapStart.Spectral,
    [Description("how far two rows are apart")] Metric Metric = Metric.Euclidean,
    [Range(0, 65536), Description("principal components that distances are taken in; 0 keeps all columns")] int InputDimensions = 50,
    [Description("how neighbours are searched")] NeighborChoice NeighborSearch = NeighborChoice.Auto) : IFittableEmbedding
{
    private const double Extent = 10;

    /// <summary>What a reader must know before trusting the picture.</summary>
    public static ImmutableArray<string> Warnings { get; } =
    [
        "Distances between clusters and their densities mean little in UMAP; who is next to whom does.",
        "Clusters can appear in data that have none; compare several n-neighbors and read the quality scores.",
    ];

    /// <inheritdoc/>
    public Projection Embed(Matrix data, Job job) => Fit(data, [], job).Projection;

    /// <inheritdoc/>
    public IFittedEmbedding Fit(Matrix data, Job job) => Fit(data, [], job);

    /// <summary>Embeds supervised: rows of one label are drawn together.</summary>
    /// <param name="data">Rows.</param>
    /// <param name="labels">Class of each row, negative when it has none; empty for a map of the data alone.</param>
    /// <param name="job">Seed, progress, cancellation.</param>
    /// <exception cref="InputException">Too few rows, values that are not finite, or labels that do not match.</exception>
    public IFittedEmbedding Fit(Matrix data, ReadOnlySpan<int> labels, Job job)
    {
        Check(data, labels.Length);
        var reduction = InputReduction.Of(data, InputDimensions, Metric, job);
        var rows = reduction?.Transform(data) ?? data;
        var order = NearOrder.Of(rows, PackedRows.Leaf);
        var sorted = rows.Select(order);
        var near = Neighbors.NeighborSearch.For(NeighborSearch, Metric, sorted).Index(sorted, job).All(NNeighbors - 1, job);
        var recall = near.Recall;
        var graph = FuzzyGraph.Joint(near, FuzzyGraph.Weights(near));
        if (labels.Length > 0) graph = FuzzyGraph.Intersect(graph, [.. order.Select(Label(labels))]);
        var curve = UmapCurve.Fit(MinDist, Spread);
        var descent = new UmapDescent(graph, Start(graph, sorted, job, out var started), new UmapForces(curve), NegativeSamples, job.Seed);
        Descend(descent, job);
        var figures = ImmutableSortedDictionary<string, double>.Empty.Add("epochs", EpochsOf(data.Rows)).Add("curve a", curve.A).Add("curve b", curve.B);
        if (recall < 1) figures = figures.Add("neighbour recall", recall);
        var map = new Projection(descent.Points.Unselect(order), figures) { Warnings = started is null ? Warnings : Warnings.Add(started) };
        return new Fitted(this, reduction, rows, map);
    }

    /// <inheritdoc/>
    public IFittedEmbedding Restore(FittedState state)
    {
        var rows = state.Need("rows", state.Places(Dimensions).Rows);
        var reduction = PcaModel.From(state);
        if (reduction is not null) state.Need("pca-components", rows.Columns);
        return new Fitted(this, reduction, rows, state.Projection);
    }

    private static Func<int, int> Label(ReadOnlySpan<int> labels)
    {
        var copy = labels.ToArray();
        return row => copy[row];
    }

    private int EpochsOf(int rows) => Epochs > 0 ? Epochs : rows <= 10000 ? 500 : 200;

    private void Check(Matrix data, int labels)
    {
        EmbeddingInput.Check(data, "umap", 3);
        if (labels > 0 && labels != data.Rows)
            throw new InputException($"umap: there are {labels} labels for {data.Rows} rows; give one a row.");
        if (NNeighbors > data.Rows)
            throw new InputException($"umap: n-neighbors={NNeighbors} of {data.Rows} rows, each counted as its own first neighbour. Set n-neighbors={data.Rows} or less.");
        if (MinDist > 3 * Spread)
            throw new InputException($"umap: min-dist={MinDist} is more than three times spread={Spread}, so that all points would touch. Set min-dist={Spread} or less.");
    }

    // Ten units wide, with a little noise so that no two points start in one place.
    private Matrix Start(SparseRows graph, Matrix rows, Job job, out string? note)
    {
        note = null;
        var spectral = Initialisation == UmapStart.Spectral ? SpectralStart.Of(graph, Dimensions, job) : null;
        if (Initialisation == UmapStart.Spectral && spectral is null)
            note = $"The neighbour graph is in {SpectralStart.Pieces(graph)} pieces, so the map started on principal components; where the pieces lie means nothing.";
        var points = spectral ?? StartingPoints.Of(Initialisation == UmapStart.Random ? Embeddings.Start.Random : Embeddings.Start.Pca, rows, Dimensions, 1, job);
        var random = new Randomness(job.Seed, 0x0A11);
        for (var axis = 0; axis < Dimensions; axis++)
        {
            float low = float.MaxValue, high = float.MinValue;
            for (var i = 0; i < points.Rows; i++) (low, high) = (Math.Min(low, points[i, axis]), Math.Max(high, points[i, axis]));
            var scale = high > low ? Extent / (high - low) : 0;
            for (var i = 0; i < points.Rows; i++)
                points[i, axis] = (float)((points[i, axis] - low) * scale + random.Normal((ulong)((long)i * Dimensions + axis)) * 1e-3);
        }
        return points;
    }

    private void Descend(UmapDescent descent, Job job)
    {
        var epochs = EpochsOf(descent.Points.Rows);
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            job.Report("UMAP", epoch, epochs);
            descent.Epoch(epoch, (float)(LearningRate * (1 - (double)epoch / epochs)));
        }
        job.Report("UMAP", epochs, epochs);
    }

    private sealed class Fitted(Umap method, PcaModel? reduction, Matrix rows, Projection projection) : IFittedEmbedding
    {
        public Projection Projection => projection;

        public FittedState State => (reduction is null ? FittedState.Of(method, projection) : reduction.Into(FittedState.Of(method, projection))).With("rows", rows);

        public Matrix Place(Matrix others, Job job)
        {
            EmbeddingInput.CheckNew(others, reduction?.Components.Columns ?? rows.Columns, "umap");
            var near = new ExactNeighbors(method.Metric).Index(rows, job).Query(reduction?.Transform(others) ?? others, method.NNeighbors, job);
            var placement = new UmapPlacement(projection.Points, new UmapForces(UmapCurve.Fit(method.MinDist, method.Spread)), method.NegativeSamples, method.EpochsOf(rows.Rows) / 3, (float)method.LearningRate / 4);
            return placement.Place(near, FuzzyGraph.Weights(near, connected: false), job);
        }
    }
}
