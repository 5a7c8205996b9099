using System.Collections.Immutable;
using ModelInspector.Activations;
using ModelInspector.Clustering;
using ModelInspector.Embeddings;
using ModelInspector.Findings;
using ModelInspector.Numerics;

namespace ModelInspector.Inspection;

/// <summary>Groups the samples of the last layer without labels, and tells how far the groups are the classes.</summary>
internal sealed record ClusterStage(Journal Journal, ImmutableArray<string> Methods, ImmutableArray<int> Labels)
{
    private const int FewestSamples = 20, Kept = 50, Draws = 3;

    /// <summary>One finding a method.</summary>
    public IEnumerable<Finding> Of(ActivationStore store, Job job)
    {
        if (store.Manifest.Rows < FewestSamples || Methods.IsEmpty) return [];
        return Methods.SelectMany(method => Journal.Keep($"clusters/{method}", () => [Grouped(store, store.Layers[^1], method, job)]));
    }

    private LayerClusters Grouped(ActivationStore store, string layer, string method, Job job)
    {
        job.Report("clusters", 0, 1, $"{method} of {layer}");
        var inner = Job.Quiet(job.Seed) with { Cancel = job.Cancel };
        var space = LayerSpace.Of(store, layer, inner);
        var entry = Catalog.Find(Catalog.Of<IClustering>(), method);
        var clustering = entry.Create<IClustering>(ImmutableDictionary<string, string>.Empty);
        var found = new ClusterStability(Draws).Cluster(clustering, Reduced(space.Rows, inner), inner);
        var agreement = Labels.IsDefaultOrEmpty ? double.NaN : AdjustedRand.Index(found.Labels.AsSpan(), Labels.AsSpan());
        var figures = double.IsNaN(agreement) ? found.Figures : found.Figures.Add("agreement with the classes (adjusted Rand index)", agreement);
        return new LayerClusters($"{found.Count} groups in {layer} by {method}", new Provenance(method, entry.Describe(clustering), job.Seed, entry.Source),
            layer, method, found.Labels, found.Count, figures.Where(figure => double.IsFinite(figure.Value)).ToImmutableSortedDictionary(), [.. space.Notes, .. found.Warnings]);
    }

    private static Matrix Reduced(Matrix rows, Job job) =>
        rows.Columns <= Kept || rows.Rows <= Kept ? rows : new Pca(Kept).Embed(rows, job).Points;
}
