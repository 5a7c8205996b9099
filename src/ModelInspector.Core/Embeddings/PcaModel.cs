using System.Collections.Immutable;
using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>A fitted PCA: scores = (row − mean) · componentsᵀ, divided by the standard deviations when whitened.</summary>
public sealed class PcaModel
{
    private const int Block = 4096, MostNamed = 64;
    private readonly double[] mean;

    internal PcaModel(double[] mean, Matrix components, ImmutableArray<double> variances, double totalVariance, bool whiten) =>
        (this.mean, Components, Variances, TotalVariance, Whiten) = (mean, components, variances, totalVariance, whiten);

    /// <summary>Mean of the fitted rows, one a column.</summary>
    public ImmutableArray<float> Mean => [.. mean.Select(value => (float)value)];

    /// <summary>Orthonormal directions, one a row, largest variance first; the entry of largest magnitude of each is positive.</summary>
    public Matrix Components { get; }

    /// <summary>Variance along each component (divided by rows − 1).</summary>
    public ImmutableArray<double> Variances { get; }

    /// <summary>Variance in all directions together.</summary>
    public double TotalVariance { get; }

    /// <summary>Whether scores are scaled to variance one.</summary>
    public bool Whiten { get; }

    /// <summary>Share of the total variance along each component: the scree; 0 when the data do not vary.</summary>
    public ImmutableArray<double> ExplainedVariance => [.. Variances.Select(variance => TotalVariance > 0 ? variance / TotalVariance : 0)];

    /// <summary>Largest error of any explained share that the randomised solver admits; 0 for the exact ones.</summary>
    public double ErrorEstimate { get; init; }

    /// <summary>Explained shares by name: of each of the first components, and of all kept ones together.</summary>
    public ImmutableSortedDictionary<string, double> Figures
    {
        get
        {
            var shares = ExplainedVariance;
            var figures = shares.Select((share, k) => KeyValuePair.Create($"explained variance {k + 1}", share)).Take(MostNamed)
                .Append(KeyValuePair.Create("explained variance", shares.Sum()));
            if (ErrorEstimate > 0) figures = figures.Append(KeyValuePair.Create("explained variance, error at most", ErrorEstimate));
            return figures.ToImmutableSortedDictionary();
        }
    }

    /// <summary>Scores of rows: rows × components.</summary>
    /// <exception cref="InputException">The columns do not match, or a value is not finite.</exception>
    public Matrix Transform(Matrix rows)
    {
        EmbeddingInput.CheckNew(rows, Components.Columns, "pca");
        return TransformChecked(rows);
    }

    /// <summary>Scores of rows that are known to be finite and of the right width.</summary>
    internal Matrix TransformChecked(Matrix rows)
    {
        var scores = new Matrix(rows.Rows, Components.Rows);
        for (var from = 0; from < rows.Rows; from += Block)
        {
            var block = Gemm.Multiply(new Operand(Centred(rows, from, Math.Min(rows.Rows, from + Block))), new Operand(Components).Transposed);
            block.Values.CopyTo(scores.Values, from * scores.Columns);
        }
        if (Whiten)
            for (var row = 0; row < scores.Rows; row++) Scale(scores.Row(row), deviation => deviation > 0 ? 1 / deviation : 0);
        return scores;
    }

    /// <summary>Rows whose scores are given: the nearest points of the fitted plane.</summary>
    /// <exception cref="InputException">There are more or fewer scores a row than components.</exception>
    public Matrix Inverse(Matrix scores)
    {
        EmbeddingInput.CheckNew(scores, Components.Rows, "pca (inverse)");
        var scaled = new Matrix(scores.Rows, scores.Columns, [.. scores.Values]);
        if (Whiten)
            for (var row = 0; row < scaled.Rows; row++) Scale(scaled.Row(row), deviation => deviation);
        var rows = Gemm.Multiply(new Operand(scaled), new Operand(Components));
        float[] centre = [.. Mean];
        for (var row = 0; row < rows.Rows; row++) TensorPrimitives.Add<float>(rows.Row(row), centre, rows.Row(row));
        return rows;
    }

    /// <summary>The state with this model in it.</summary>
    public FittedState Into(FittedState state) => state
        .With("pca-components", Components).With("pca-mean", mean).With("pca-variances", Variances).With("pca-total", TotalVariance, ErrorEstimate);

    /// <summary>The model in a state; null when there is none.</summary>
    /// <exception cref="InputException">Its numbers do not fit together.</exception>
    public static PcaModel? From(FittedState state, bool whiten = false)
    {
        if (!state.Arrays.ContainsKey("pca-components")) return null;
        var components = state.Need("pca-components");
        var totals = state.NeedNumbers("pca-total", 2);
        return new PcaModel([.. state.NeedNumbers("pca-mean", components.Columns)], components, state.NeedNumbers("pca-variances", components.Rows), totals[0], whiten) { ErrorEstimate = totals[1] };
    }

    private void Scale(Span<float> scores, Func<double, double> by)
    {
        for (var k = 0; k < scores.Length; k++) scores[k] *= (float)by(Math.Sqrt(Variances[k]));
    }

    private Matrix Centred(Matrix rows, int from, int to)
    {
        var centred = new Matrix(to - from, rows.Columns);
        var centre = new Centre(mean);
        RowParallel.Run(centred.Rows, 128, (_, first, last) =>
        {
            for (var row = first; row < last; row++) centre.Subtract(rows.Row(from + row), centred.Row(row));
        });
        return centred;
    }
}
