using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Neighbors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>t-distributed stochastic neighbour embedding: keeps who is near to whom.</summary>
/// <param name="Perplexity">Effective number of neighbours of each point.</param>
/// <param name="Dimensions">Axes of the map.</param>
/// <param name="Iterations">Steps in all.</param>
/// <param name="EarlyIterations">First steps, with early exaggeration.</param>
/// <param name="EarlyExaggeration">Factor on the attraction during the first steps.</param>
/// <param name="Exaggeration">Factor on the attraction afterwards; above 1 clusters are tighter and farther apart.</param>
/// <param name="LearningRate">Step size; 0 is n divided by the exaggeration of the phase.</param>
/// <param name="Initialisation">Where points start.</param>
/// <param name="Metric">How far two rows are apart.</param>
/// <param name="InputDimensions">Principal components that distances are taken in when the data have more columns; 0 keeps all.</param>
/// <param name="GridSpacing">Spacing, in units of the map, of the grid that repulsion is computed on above 2,500 points.</param>
/// <param name="SmallestGradient">Stop when the gradient is shorter; 0 never stops early.</param>
/// <param name="FarPerplexity">A second, larger perplexity whose affinities are averaged in (Kobak and Berens 2019); 0 is none.</param>
/// <param name="Angle">In space: a cube of points counts as one when its side is below this times its distance.</param>
/// <param name="NeighborSearch">How neighbours are searched.</param>
/// <remarks>
/// Minimises KL(P‖Q) = Σ p_ij ln(p_ij/q_ij), with p_ij from Gaussians of the given perplexity and q_ij ∝ 1/(1 + |y_i − y_j|²). Rows ×
/// columns in, rows × dimensions out, without a unit. It misleads by design: sizes of clusters and distances between them mean little,
/// perplexity decides what counts as a cluster, and clusters appear in pure noise at low perplexity.
/// </remarks>
[Method("t-sne", "van der Maaten and Hinton, JMLR 2008; learning rate: Belkina et al., Nature Communications 2019; start: Kobak and Berens, 2019",
    Summary = "A map that keeps each point's neighbours; distances between clusters mean nothing.")]
public sealed record TSne(
    [Range(1.0, 10000.0), Description("effective number of neighbours of each point")] double Perplexity = 30,
    [Range(2, 3), Description("axes of the map")] int Dimensions = 2,
    [Range(1, 1000000), Description("steps in all")] int Iterations = 750,
    [Range(0, 1000000), Description("first steps, with early exaggeration")] int EarlyIterations = 250,
    [Range(1.0, 1000.0), Description("factor on the attraction during the first steps")] double EarlyExaggeration = 12,
    [Range(0.1, 1000.0), Description("factor on the attraction afterwards")] double Exaggeration = 1,
    [Range(0.0, 1e9), Description("step size; 0 is n divided by the exaggeration")] double LearningRate = 0,
    [Description("where points start")] Start Initialisation = Start.Pca,
    [Description("how far two rows are apart")] Metric Metric = Metric.Euclidean,
    [Range(0, 65536), Description("principal components that distances are taken in; 0 keeps all columns")] int InputDimensions = 50,
    [Range(0.1, 1.0), Description("spacing of the grid that repulsion is computed on: smaller is slower and more exact")] double GridSpacing = 0.33,
    [Range(0.0, 1.0), Description("stop when the gradient is shorter; 0 never stops early")] double SmallestGradient = 0,
    [Range(0.0, 10000.0), Description("a second, larger perplexity whose affinities are averaged in; 0 is none")] double FarPerplexity = 0,
    [Range(0.0, 1.0), Description("in space: a cube of points counts as one when its side is below this times its distance")] double Angle = 0.5,
    [Description("how neighbours are searched")] NeighborChoice NeighborSearch = NeighborChoice.Auto) : IFittableEmbedding
{
    internal const int MostPairwise = 2500;
    private const string Stage = "t-SNE";
    private const int ReportEvery = 50;
    private const double StartDeviation = 1e-4;

    /// <summary>What a reader must know before trusting the picture.</summary>
    public static ImmutableArray<string> Warnings { get; } =
    [
        "Distances between clusters and sizes of clusters mean nothing in t-SNE; only who is next to whom does.",
        "Clusters can appear in data that have none; compare several perplexities and read the quality scores.",
    ];

    private double Widest => Math.Max(Perplexity, FarPerplexity);

    /// <summary>The same with the perplexity lowered, if it must be, to what so many rows allow.</summary>
    public TSne For(int rows) => this with
    {
        Perplexity = Math.Min(Perplexity, Math.Max(1, LargestPerplexity(rows))),
        FarPerplexity = Math.Min(FarPerplexity, Math.Max(1, LargestPerplexity(rows))),
    };

    /// <inheritdoc/>
    public Projection Embed(Matrix data, Job job) => Embed(data, null, job);

    /// <summary>Embeds from places given instead of <see cref="Initialisation"/>; they are centred and scaled down first.</summary>
    /// <param name="data">Rows.</param>
    /// <param name="start">Rows × dimensions.</param>
    /// <param name="job">Seed, progress, cancellation.</param>
    /// <exception cref="InputException">The places do not fit the rows or the dimensions.</exception>
    public Projection Embed(Matrix data, Matrix? start, Job job)
    {
        Check(data);
        if (start is not null && (start.Rows != data.Rows || start.Columns != Dimensions))
            throw new InputException($"t-sne: the start has {start.Rows} rows × {start.Columns} axes; expected {data.Rows} × {Dimensions}.");
        return Map(Reduction(data, job)?.Transform(data) ?? data, start, job);
    }

    /// <inheritdoc/>
    public IFittedEmbedding Fit(Matrix data, Job job)
    {
        Check(data);
        var reduction = Reduction(data, job);
        var rows = reduction?.Transform(data) ?? data;
        return new Fitted(this, reduction, rows, Map(rows, null, job));
    }

    /// <inheritdoc/>
    public IFittedEmbedding Restore(FittedState state)
    {
        var rows = state.Need("rows", state.Places(Dimensions).Rows);
        var reduction = PcaModel.From(state);
        if (reduction is not null) state.Need("pca-components", rows.Columns);
        return new Fitted(this, reduction, rows, state.Projection);
    }

    private Projection Map(Matrix rows, Matrix? start, Job job)
    {
        // Near rows lie together in memory: at every step each point looks at its neighbours.
        var order = NearOrder.Of(rows, PackedRows.Leaf);
        rows = rows.Select(order);
        var affinities = Attractions(rows, job, out var recall);
        var places = start is null
            ? StartingPoints.Of(Initialisation, rows, Dimensions, StartDeviation, job)
            : StartingPoints.Scaled(start.Select(order), StartDeviation, job.Seed);
        using var grid = new GridRepulsion(GridSpacing);
        var map = Descend(new TSneDescent(affinities, places, Repulsion(grid, rows.Rows)), job);
        var figures = recall < 1 ? map.Figures.Add("neighbour recall", recall) : map.Figures;
        return map with { Points = map.Points.Unselect(order), Figures = figures };
    }

    private IRepulsion Repulsion(GridRepulsion grid, int rows) =>
        rows <= MostPairwise ? new AllPairsRepulsion() : Dimensions == 2 ? grid : new TreeRepulsion((float)Angle);

    private AttractionGraph Attractions(Matrix rows, Job job, out double recall)
    {
        var near = Neighbors.NeighborSearch.For(NeighborSearch, Metric, rows).Index(rows, job).All(Affinities.Neighbors(Widest, rows.Rows), job);
        recall = near.Recall;
        job.Report("affinities", 0, 2);
        var conditional = FarPerplexity > 0 ? Affinities.Conditional(near, Perplexity, FarPerplexity) : Affinities.Conditional(near, Perplexity);
        job.Report("affinities", 1, 2);
        using var joint = Affinities.Joint(near, conditional);
        var graph = new AttractionGraph(joint);
        job.Report("affinities", 2, 2);
        return graph;
    }

    private static double LargestPerplexity(int rows) => (rows - 1) / 3.0;

    private void Check(Matrix data)
    {
        EmbeddingInput.Check(data, "t-sne", 4);
        if (Widest > LargestPerplexity(data.Rows))
            throw new InputException($"t-sne: {(Perplexity < Widest ? "far-perplexity" : "perplexity")}={Widest} needs at least {Math.Ceiling(3 * Widest + 1)} rows; "
                + $"the data have {data.Rows}. Set {(Perplexity < Widest ? "far-perplexity" : "perplexity")}={Math.Floor(LargestPerplexity(data.Rows) * 100) / 100} or less.");
    }

    private PcaModel? Reduction(Matrix data, Job job) => InputReduction.Of(data, InputDimensions, Metric, job);

    private Projection Descend(TSneDescent descent, Job job)
    {
        var count = descent.Points.Rows;
        var done = 0;
        for (string? note = null; done < Iterations; done++)
        {
            if (done % ReportEvery == 0 && done > 0) note = $"KL {descent.Divergence():0.000}";
            job.Report(Stage, done, Iterations, note);
            var exaggeration = done < EarlyIterations ? EarlyExaggeration : Exaggeration;
            var gradient = descent.Step(exaggeration, LearningRate > 0 ? LearningRate : count / exaggeration);
            if (gradient < SmallestGradient && done >= EarlyIterations) break;
        }
        descent.Centre();
        var divergence = descent.Divergence();
        job.Report(Stage, Iterations, Iterations, $"KL {divergence:0.000}");
        var figures = ImmutableSortedDictionary<string, double>.Empty.Add("KL divergence", divergence).Add("iterations", done);
        return new Projection(descent.Points, figures) { Warnings = Warnings };
    }

    private sealed class Fitted(TSne method, PcaModel? reduction, Matrix rows, Projection projection) : IFittedEmbedding
    {
        public Projection Projection => projection;

        public FittedState State => (reduction is null ? FittedState.Of(method, projection) : reduction.Into(FittedState.Of(method, projection))).With("rows", rows);

        public Matrix Place(Matrix others, Job job)
        {
            EmbeddingInput.CheckNew(others, reduction?.Components.Columns ?? rows.Columns, "t-sne");
            var index = new ExactNeighbors(method.Metric).Index(rows, job);
            return new TSnePlacement(index, projection.Points, method.Perplexity).Place(reduction?.Transform(others) ?? others, job);
        }
    }
}
