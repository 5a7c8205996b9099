using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>How PCA finds its directions.</summary>
public enum PcaSolver
{
    /// <summary>Exact while the smaller side of the data is at most 1,000 or nearly all components are asked for, else randomised.</summary>
    Auto,

    /// <summary>Eigenvectors of the covariance or of the Gram matrix, whichever is smaller.</summary>
    Exact,

    /// <summary>Randomised range finder with power iterations; the error estimate is reported.</summary>
    Randomised,
}

/// <summary>Principal component analysis: the directions along which the rows vary most, and the rows' places along them.</summary>
/// <param name="Dimensions">Components kept.</param>
/// <param name="Whiten">Scale every component to variance one.</param>
/// <param name="Solver">How the directions are found.</param>
/// <param name="PowerIterations">Passes that sharpen the randomised solver.</param>
/// <remarks>
/// Scores (row − mean)·v for the leading eigenvectors v of the covariance XᵀX/(n − 1); rows × columns in, rows × dimensions out, in the
/// data's unit (whitened: in standard deviations). Signs are free in theory; here the entry of largest magnitude of every component is
/// positive. Cost: n·d² for the covariance (n²·d for the Gram matrix), then the cube of the smaller side. It misleads where columns have
/// different units (the largest wins) and where structure is curved; distances on the first two components ignore all others, and
/// "explained variance" says by how much.
/// </remarks>
[Method("pca", "Pearson, Phil. Mag. 1901; randomised: Halko, Martinsson, Tropp, SIAM Review 2011, alg. 4.4 and 5.1",
    Summary = "The directions of largest variance; linear, exact, distances keep their meaning.")]
public sealed record Pca(
    [Range(1, 65536), Description("components kept")] int Dimensions = 2,
    [Description("scale every component to variance one")] bool Whiten = false,
    [Description("how the directions are found")] PcaSolver Solver = PcaSolver.Auto,
    [Range(0, 100), Description("passes that sharpen the randomised solver")] int PowerIterations = 4) : IFittableEmbedding
{
    private const int LargestExact = 1000;

    /// <inheritdoc/>
    public Projection Embed(Matrix data, Job job) => Fit(data, job).Projection;

    /// <inheritdoc/>
    public IFittedEmbedding Fit(Matrix data, Job job)
    {
        var model = Model(data, job);
        return new Fitted(this, model, new Projection(model.TransformChecked(data), model.Figures));
    }

    /// <inheritdoc/>
    public IFittedEmbedding Restore(FittedState state)
    {
        state.Places(state.Need("pca-components", Dimensions).Rows);
        return new Fitted(this, PcaModel.From(state, Whiten)!, state.Projection);
    }

    /// <summary>Finds mean and directions of <paramref name="data"/>.</summary>
    /// <exception cref="InputException">The data are too few or not finite.</exception>
    public PcaModel Model(Matrix data, Job job)
    {
        EmbeddingInput.Check(data, "pca", 2);
        Require(Math.Min(data.Rows, data.Columns), $"{data.Rows} rows × {data.Columns} columns");
        job.Report("PCA", 0, 1);
        var model = UsesExact(data) ? Exact(data, job) : RandomisedPca.Fit(data, this, job);
        job.Report("PCA", 1, 1);
        return model;
    }

    /// <summary>Finds mean and directions from sums that were streamed or merged; always exact.</summary>
    /// <exception cref="InputException">Too few rows were seen.</exception>
    public PcaModel Model(PcaSums sums)
    {
        if (sums.Rows < 2) throw new InputException($"pca needs at least 2 rows; {sums.Rows} were seen. Give more samples.");
        Require((int)Math.Min(sums.Rows, sums.Columns), $"{sums.Rows} rows × {sums.Columns} columns");
        var covariance = sums.Covariance();
        var total = Enumerable.Range(0, sums.Columns).Sum(i => covariance[i * sums.Columns + i]);
        var (values, vectors) = SymmetricEigen.Largest(covariance, sums.Columns, Dimensions);
        return Build(sums.Mean, vectors, values, total);
    }

    internal PcaModel Build(double[] mean, double[][] directions, IEnumerable<double> variances, double total)
    {
        var components = new Matrix(directions.Length, mean.Length);
        for (var k = 0; k < directions.Length; k++)
            for (int i = 0, sign = Sign(directions[k]); i < mean.Length; i++) components[k, i] = (float)(sign * directions[k][i]);
        // Rounding leaves directions without variance a little above or below zero.
        return new PcaModel(mean, components, [.. variances.Select(value => value > total * 1e-13 ? value : 0)], total, Whiten);
    }

    private void Require(int rank, string found)
    {
        if (Dimensions > rank)
            throw new InputException($"pca: dimensions={Dimensions} of {found}: there are at most {rank}. Set dimensions={rank} or less.");
    }

    private bool UsesExact(Matrix data)
    {
        var side = Math.Min(data.Rows, data.Columns);
        return Solver == PcaSolver.Exact || (Solver == PcaSolver.Auto && (side <= LargestExact || Dimensions > side / 5));
    }

    private PcaModel Exact(Matrix data, Job job)
    {
        if (data.Rows < data.Columns) return GramPca.Fit(data, this, job);
        var sums = new PcaSums(data.Columns);
        sums.AddChecked(data, job.Cancel);
        return Model(sums);
    }

    private static int Sign(double[] direction) => direction.MaxBy(Math.Abs) < 0 ? -1 : 1;

    private sealed record Fitted(Pca Method, PcaModel Model, Projection Projection) : IFittedEmbedding
    {
        public FittedState State => Model.Into(FittedState.Of(Method, Projection));

        public Matrix Place(Matrix rows, Job job) => Model.Transform(rows);
    }
}
