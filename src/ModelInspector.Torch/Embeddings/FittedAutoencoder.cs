using System.Collections.Immutable;
using System.Globalization;
using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>A trained autoencoder as plain numbers: places new rows by the same arithmetic that placed the fitted ones.</summary>
internal sealed class FittedAutoencoder : IFittedCoder
{
    private readonly IEmbedding method;
    private readonly PcaModel? reduction;
    private readonly Standardisation scaling;
    private readonly ICoder coder;
    private readonly IFittedEmbedding? layout;
    private readonly int columns;

    private FittedAutoencoder(IEmbedding method, int codes, PcaModel? reduction, Standardisation scaling, ICoder coder, IFittedEmbedding? layout, int columns, Projection projection) =>
        (this.method, Codes, this.reduction, this.scaling, this.coder, this.layout, this.columns, Projection) = (method, codes, reduction, scaling, coder, layout, columns, projection);

    public static FittedAutoencoder Of(
        IEmbedding method, Schedule schedule, CodeLayout layout, PcaModel? reduction, Standardisation scaling, ICoder coder, Matrix data, TrainedAutoencoder trained, Job job)
    {
        var rows = scaling.Apply(reduction?.Transform(data) ?? data);
        var codes = coder.Encode(rows);
        var laid = CodeLayouts.Of(layout, schedule.Codes, data.Rows)?.Fit(codes, job);
        var figures = Figures(rows, coder.Decode(codes), codes, trained, schedule);
        if (layout == CodeLayout.Pca && laid is not null) figures = figures.Add("explained variance of the bottleneck", laid.Projection.Figures["explained variance"]);
        if (reduction is not null) figures = figures.Add("explained variance of the columns kept", reduction.ExplainedVariance.Sum());
        IEnumerable<string> told = laid is null ? [] : [CodeLayouts.Warning(layout, schedule.Codes, laid.Projection)];
        var projection = new Projection(laid?.Projection.Points ?? codes, figures) { Warnings = [.. Warnings(schedule, data, reduction, trained), .. told] };
        return new(method, schedule.Codes, reduction, scaling, coder, laid, data.Columns, projection);
    }

    public static FittedAutoencoder Restored(
        IEmbedding method, int codes, CodeLayout layout, PcaModel? reduction, Standardisation scaling, ICoder coder, FittedState state)
    {
        var points = state.Places(Math.Min(codes, CodeLayouts.Axes));
        var laid = CodeLayouts.Of(layout, codes, points.Rows)?.Restore(state.Within("layout"));
        return new(method, codes, reduction, scaling, coder, laid, reduction?.Components.Columns ?? state.Need("mean").Columns, state.Projection);
    }

    public Projection Projection { get; }

    public int Codes { get; }

    public FittedState State
    {
        get
        {
            var state = scaling.Into(coder.Into(FittedState.Of(method, Projection)));
            state = reduction?.Into(state) ?? state;
            return layout is null ? state : state.With("layout", layout.State);
        }
    }

    public Matrix Place(Matrix rows, Job job)
    {
        var codes = Encode(rows);
        return layout?.Place(codes, job) ?? codes;
    }

    public Matrix Encode(Matrix rows)
    {
        EmbeddingInput.CheckNew(rows, columns, "autoencoder");
        return coder.Encode(scaling.Apply(reduction?.Transform(rows) ?? rows));
    }

    public Matrix Decode(Matrix codes)
    {
        EmbeddingInput.CheckNew(codes, Codes, "autoencoder (decoder)");
        var rows = scaling.Undo(coder.Decode(codes));
        return reduction?.Inverse(rows) ?? rows;
    }

    private static ImmutableSortedDictionary<string, double> Figures(Matrix rows, Matrix restored, Matrix codes, TrainedAutoencoder trained, Schedule schedule)
    {
        var errors = Errors(rows, restored);
        var figures = ImmutableSortedDictionary.CreateBuilder<string, double>();
        figures["reconstruction error"] = errors.Average();
        figures["passes"] = trained.Passes;
        figures["best pass"] = trained.Best;
        if (trained.HeldBack.Length > 0) figures["reconstruction error, held back"] = trained.HeldBack.Average(row => errors[row]);
        if (schedule.Beta > 0) figures["codes in use"] = Enumerable.Range(0, codes.Columns).Count(code => Variance(codes, code) > InUse);
        return figures.ToImmutable();
    }

    // A variational code whose mean hardly varies over the rows carries nothing (Burda et al., ICLR 2016, §5.2).
    private const double InUse = 0.01;

    private static double Variance(Matrix codes, int code)
    {
        var mean = Enumerable.Range(0, codes.Rows).Average(row => (double)codes[row, code]);
        return Enumerable.Range(0, codes.Rows).Average(row => (codes[row, code] - mean) * (codes[row, code] - mean));
    }

    private static double[] Errors(Matrix rows, Matrix restored) =>
        [.. Enumerable.Range(0, rows.Rows).Select(row =>
        {
            var distance = (double)TensorPrimitives.Distance<float>(rows.Row(row), restored.Row(row));
            return distance * distance / rows.Columns;
        })];

    private static IEnumerable<string> Warnings(Schedule schedule, Matrix data, PcaModel? reduction, TrainedAutoencoder trained)
    {
        yield return "Axes have no unit and no order, and another seed gives another picture; look at several.";
        if (reduction is not null) yield return string.Create(CultureInfo.InvariantCulture,
            $"{data.Columns} columns were first reduced to {reduction.Components.Rows} by PCA, {reduction.ExplainedVariance.Sum():P0} of the variance.");
        if (trained.HeldBack.IsEmpty) yield return
            $"No rows were held back (validation={schedule.Validation} of {data.Rows} rows is too few), so the error says nothing about new rows.";
        if (trained.Passes == schedule.Epochs && trained.Best == schedule.Epochs) yield return
            $"Training was still improving after {schedule.Epochs} passes; raise epochs.";
    }
}
