using System.Collections.Immutable;
using System.Globalization;
using ModelInspector.Activations;
using ModelInspector.Evaluation;
using ModelInspector.Findings;

namespace ModelInspector.Inspection;

/// <summary>Measures at every layer how well the classes lie apart.</summary>
internal sealed record SeparabilityStage(SampleTable Table, ImmutableArray<string> Units)
{
    private const int Neighbors = 10, FewestRows = 10;
    private const string Source = "silhouette: Rousseeuw, 1987; effective dimension: participation ratio; intervals: Efron, Tibshirani, 1993";

    private bool Given => Table.Labels.Count(label => label >= 0) >= FewestRows;

    /// <summary>The table; nothing when there are too few samples or classes.</summary>
    public IEnumerable<Finding> Of(ActivationStore store, Job job)
    {
        var labels = Given ? Table.Labels : Table.Predicted;
        if (labels.Count(label => label >= 0) < FewestRows || labels.Where(label => label >= 0).Distinct().Count() < 2) yield break;
        var measure = new Separability(Neighbors);
        var layers = store.Layers.Index().Select(layer =>
        {
            job.Report("separability", layer.Index, store.Layers.Length, layer.Item);
            return (layer.Item, measure.Measure(LayerSpace.Of(store, layer.Item, Quiet(job)).Rows, labels, Units, Quiet(job)));
        }).ToImmutableArray();
        yield return new SeparabilityTable(layers, Table.Classes).Finding("Separability by depth", From(measure, store, job.Seed), Given ? "labels" : "predictions");
    }

    private static Job Quiet(Job job) => Job.Quiet(job.Seed) with { Cancel = job.Cancel };

    private Provenance From(Separability measure, ActivationStore store, ulong seed) => new("separability", new Dictionary<string, string>
    {
        ["neighbors"] = measure.Neighbors.ToString(CultureInfo.InvariantCulture),
        ["sample"] = measure.Sample.ToString(CultureInfo.InvariantCulture),
        ["classes"] = Given ? "labels" : "predictions",
        ["units"] = Units.IsDefaultOrEmpty ? "samples" : "groups: samples of one never vote for each other",
        ["positions"] = LayerSpace.Sentence(store.Manifest.Request.Pooling),
    }.ToImmutableSortedDictionary(), seed, Source);
}
