using System.Collections.Immutable;
using System.Globalization;
using System.Numerics.Tensors;
using ModelInspector.Numerics;

namespace ModelInspector.Embeddings;

/// <summary>A trained autoencoder as plain numbers: places new rows by the same arithmetic that placed the fitted ones.</summary>
internal sealed class FittedAutoencoder : IFittedEmbedding
{
    private const int Axes = 2;
    private readonly PcaModel? reduction;
    private readonly Standardisation scaling;
    private readonly TrainedAutoencoder trained;
    private readonly PcaModel? layout;
    private readonly int columns;

    public FittedAutoencoder(Autoencoder settings, Matrix data, PcaModel? reduction, Standardisation scaling, TrainedAutoencoder trained, Job job)
    {
        (this.reduction, this.scaling, this.trained, columns) = (reduction, scaling, trained, data.Columns);
        var rows = Prepare(data);
        var codes = trained.Encoder.Apply(rows);
        layout = settings.Bottleneck > Axes ? new Pca(Axes).Model(codes, job) : null;
        Projection = new Projection(layout?.Transform(codes) ?? codes, Figures(rows, codes)) { Warnings = [.. Warnings(settings, data)] };
    }

    public Projection Projection { get; }

    public Matrix Place(Matrix rows, Job job)
    {
        EmbeddingInput.CheckNew(rows, columns, "autoencoder");
        var codes = trained.Encoder.Apply(Prepare(rows));
        return layout?.Transform(codes) ?? codes;
    }

    private Matrix Prepare(Matrix rows) => scaling.Apply(reduction?.Transform(rows) ?? rows);

    private ImmutableSortedDictionary<string, double> Figures(Matrix rows, Matrix codes)
    {
        var errors = Errors(rows, trained.Decoder.Apply(codes));
        var figures = ImmutableSortedDictionary.CreateBuilder<string, double>();
        figures["reconstruction error"] = errors.Average();
        figures["passes"] = trained.Passes;
        figures["best pass"] = trained.Best;
        if (trained.HeldBack.Length > 0) figures["reconstruction error, held back"] = trained.HeldBack.Average(row => errors[row]);
        if (layout is not null) figures["explained variance of the bottleneck"] = layout.ExplainedVariance.Sum();
        if (reduction is not null) figures["explained variance of the columns kept"] = reduction.ExplainedVariance.Sum();
        return figures.ToImmutable();
    }

    private static double[] Errors(Matrix rows, Matrix restored) =>
        [.. Enumerable.Range(0, rows.Rows).Select(row =>
        {
            var distance = (double)TensorPrimitives.Distance<float>(rows.Row(row), restored.Row(row));
            return distance * distance / rows.Columns;
        })];

    private IEnumerable<string> Warnings(Autoencoder settings, Matrix data)
    {
        yield return "Axes have no unit and no order, and another seed gives another picture; look at several.";
        if (layout is not null) yield return string.Create(CultureInfo.InvariantCulture,
            $"The bottleneck has {settings.Bottleneck} numbers; shown are their first two principal components, {layout.ExplainedVariance.Sum():P0} of their variance.");
        if (reduction is not null) yield return string.Create(CultureInfo.InvariantCulture,
            $"{data.Columns} columns were first reduced to {reduction.Components.Rows} by PCA, {reduction.ExplainedVariance.Sum():P0} of the variance.");
        if (trained.HeldBack.IsEmpty) yield return
            $"No rows were held back (validation={settings.Validation} of {data.Rows} rows is too few), so the error says nothing about new rows.";
        if (trained.Passes == settings.Epochs && trained.Best == settings.Epochs) yield return
            $"Training was still improving after {settings.Epochs} passes; raise epochs.";
    }
}
