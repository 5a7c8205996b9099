using System.Collections.Immutable;
using System.Reflection;
using ModelInspector.Activations;
using ModelInspector.Embeddings;
using ModelInspector.Evaluation;
using ModelInspector.Findings;
using ModelInspector.Neighbors;
using ModelInspector.Numerics;

namespace ModelInspector.Inspection;

/// <summary>Embeds every captured layer by every embedding asked for, and measures each map.</summary>
internal sealed record EmbeddingStage(RunDirectory Run, Journal Journal, ImmutableArray<string> Methods, ImmutableArray<string> LastMethods, ImmutableArray<int> Labels)
{
    private const int NeighborsShown = 10;
    private const int FewestSamples = 5;

    /// <summary>One finding a layer and method; none when there are too few samples for a map to mean anything.</summary>
    public IEnumerable<Finding> Of(ActivationStore store, Job job) =>
        store.Manifest.Rows < FewestSamples ? [] : store.Layers.SelectMany((layer, index) => Layer(LayerSpace.Of(store, layer, Job.Quiet(job.Seed)), layer, index, store.Layers.Length, job));

    private ImmutableArray<string> MethodsOf(int index, int layers) => index == layers - 1 ? [.. Methods, .. LastMethods] : Methods;

    private IEnumerable<Finding> Layer(LayerSpace space, string layer, int index, int layers, Job job)
    {
        var inner = Job.Quiet(job.Seed) with { Cancel = job.Cancel };
        var neighbors = Near(space.Rows, layer, inner);
        var name = LayerFiles.Of(layer);
        foreach (var (done, method) in MethodsOf(index, layers).Index())
        {
            job.Report("embed", index * Methods.Length + done, layers * Methods.Length + LastMethods.Length, $"{method} of {layer}");
            foreach (var finding in Journal.Keep($"embeddings/{name}.{method}", () => [Embedded(space, layer, method, neighbors, inner)])) yield return finding;
        }
        job.Report("embed", index * Methods.Length + MethodsOf(index, layers).Length, layers * Methods.Length + LastMethods.Length);
    }

    private LayerEmbedding Embedded(LayerSpace space, string layer, string method, ArrayFile neighbors, Job inner)
    {
        var data = space.Rows;
        var entry = Catalog.Find(Catalog.Of<IEmbedding>(Assembly.GetExecutingAssembly()), method);
        var embedding = Fitting(entry.Create<IEmbedding>(ImmutableDictionary<string, string>.Empty), data.Rows);
        var projection = embedding.Embed(data, inner);
        var file = Save($"embeddings/{LayerFiles.Of(layer)}.{method}.npy", projection.Points);
        var quality = new EmbeddingQuality().Measure(data, projection.Points, Labels.AsSpan(), inner);
        return new LayerEmbedding(
            $"{entry.Name} of {layer}",
            new Provenance(entry.Name, entry.Describe(embedding), inner.Seed, entry.Source),
            layer, method, file, quality.Figures.SetItems(projection.Figures), [.. projection.Warnings, .. space.Notes])
        {
            Neighbors = neighbors,
            Curve = quality.Curve,
        };
    }

    // The default perplexity suits hundreds of samples; a handful gets the largest that is allowed.
    internal static IEmbedding Fitting(IEmbedding embedding, int rows) => embedding is TSne map ? map.For(rows) : embedding;

    private ArrayFile Near(Matrix data, string layer, Job job)
    {
        var table = new ExactNeighbors().Index(data, job).All(Math.Min(NeighborsShown, data.Rows - 1), job);
        return Save($"embeddings/{LayerFiles.Of(layer)}.neighbors.npy", new Matrix(table.Rows, table.Count, [.. table.Indices.Select(index => (float)index)]));
    }

    private ArrayFile Save(string file, Matrix matrix)
    {
        Npy.Write(Run.File(file), matrix);
        return new ArrayFile(file, [matrix.Rows, matrix.Columns]);
    }
}
