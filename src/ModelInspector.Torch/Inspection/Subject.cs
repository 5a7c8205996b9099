using System.Collections.Immutable;
using ModelInspector.Datasets;
using ModelInspector.Images;
using ModelInspector.Models;

namespace ModelInspector.Inspection;

/// <summary>What is inspected, opened: the network, the samples as it takes them, and the layers to look at.</summary>
public sealed class Subject : IDisposable
{
    private Subject(IDifferentiableModel model, SampleReader samples, ImmutableArray<Layer> layers) => (Model, Samples, Layers) = (model, samples, layers);

    /// <summary>The network.</summary>
    public IDifferentiableModel Model { get; }

    /// <summary>The samples.</summary>
    public SampleReader Samples { get; }

    /// <summary>Layers to look at, in execution order.</summary>
    public ImmutableArray<Layer> Layers { get; }

    /// <summary>Their names.</summary>
    public ImmutableArray<string> LayerNames => [.. Layers.Select(layer => layer.Name)];

    /// <summary>Number of samples.</summary>
    public int Count => Samples.Count;

    /// <summary>Opens everything that a request names.</summary>
    /// <exception cref="InputException">The model, the data, the preprocessing or a layer's name is not usable.</exception>
    public static Subject Open(InspectionRequest request)
    {
        var samples = OpenSamples(request);
        if (request.GroupsRequired && samples.Data.Column(request.GroupColumn) is null)
            throw new InputException($"{samples.Data.Path} has no column `{request.GroupColumn}` that tells which samples belong together. {Columns(samples.Data)}");
        var shape = samples.Shape.Select(size => (long)size).Prepend(1).ToImmutableArray();
        var model = Differentiable(Models.Model.Open(request.Model, Options(request, shape)), request.Model);
        return new Subject(model, samples, request.Layers is null ? LayerChoice.Default(model.Graph, request.MostLayers) : model.Graph.Select(request.Layers));
    }

    /// <summary>The unit that each sample belongs to, by a column, and what such units are called; without the column every image is its own.</summary>
    internal (ImmutableArray<string> Of, string Name) Units(string column) => Samples.Data.Column(column) is { } units ? (units, Plural(column)) : ([], "images");

    internal static string Plural(string noun) =>
        noun is [.., not ('a' or 'e' or 'i' or 'o' or 'u'), 'y'] ? noun[..^1] + "ies"
        : noun.EndsWith('x') || noun.EndsWith("ch", StringComparison.Ordinal) || noun.EndsWith("sh", StringComparison.Ordinal) || noun.EndsWith("ss", StringComparison.Ordinal) ? noun + "es"
        : noun.EndsWith('s') ? noun : noun + "s";

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        Samples.Dispose();
    }

    private static string Columns(DataSet data) => data.Columns.Length == 0 ? "It has none." : $"It has: {string.Join(", ", data.Columns.Select(column => column.Name))}.";

    private static OpenOptions Options(InspectionRequest request, ImmutableArray<long>? shape) => new(request.Device, shape) { Type = request.Type, Weights = request.Weights };

    private static SampleReader OpenSamples(InspectionRequest request)
    {
        var array = Path.GetExtension(request.Data) == ".npy" && request.Preprocess is null;
        var preprocessing = array ? new Preprocessing() : Preprocessing.For(request.Model, request.Preprocess, FirstInput(request));
        return new SampleReader(DataSet.Open(request.Data, new DataOptions(request.Masks, request.Labels, preprocessing.Classes)), preprocessing, new OpenCvImageCodec());
    }

    private static Port? FirstInput(InspectionRequest request)
    {
        using var model = Models.Model.Open(request.Model, Options(request, null));
        return model.Graph.Inputs.FirstOrDefault();
    }

    private static IDifferentiableModel Differentiable(IModel model, string path) => model as IDifferentiableModel
        ?? throw new InputException($"{path} can be run but not differentiated, so nothing can be attributed. Use `modelinspector capture` and `modelinspector embed`.");
}
