using System.Collections.Immutable;
using System.Reflection;
using ModelInspector.Activations;
using ModelInspector.Clustering;
using ModelInspector.Embeddings;
using ModelInspector.Evaluation;
using ModelInspector.Findings;
using ModelInspector.Numerics;

namespace ModelInspector.Inspection;

/// <summary>Embeds the units of every captured layer: one point a channel, near to those that answer to the same samples.</summary>
internal sealed record UnitStage(RunDirectory Run, Journal Journal, ImmutableArray<string> Methods, ImmutableArray<int> Labels)
{
    private const int FewestUnits = 5, FewestSamples = 5, MostUnits = 8192, Shown = 9;

    /// <summary>One finding a layer and method; none for layers of a handful of units.</summary>
    public IEnumerable<Finding> Of(ActivationStore store, Job job)
    {
        if (store.Manifest.Rows < FewestSamples || Methods.IsEmpty) yield break;
        foreach (var (index, layer) in store.Layers.Index())
        {
            job.Report("units", index, store.Layers.Length, layer);
            foreach (var finding in Journal.Keep($"units/{LayerFiles.Of(layer)}", () => Layer(store, layer, Job.Quiet(job.Seed) with { Cancel = job.Cancel }))) yield return finding;
        }
        job.Report("units", store.Layers.Length, store.Layers.Length);
    }

    private IEnumerable<Finding> Layer(ActivationStore store, string layer, Job job)
    {
        var pooling = store.Manifest.Request.Pooling == Pooling.None ? Pooling.Mean : store.Manifest.Request.Pooling;
        var responses = Responses(store, layer, pooling);
        if (responses.Columns is < FewestUnits or > MostUnits) return [];
        var units = UnitResponses.Of(responses);
        var told = UnitResponses.Preferences(responses, Labels.AsSpan()).Select((unit, index) => units.Silent.Contains(index) ? (Class: -1, Selectivity: 0.0) : unit).ToImmutableArray();
        var top = Top(responses, layer);
        var groups = new ClusterStability(3).Cluster(new KMeans(Most: Math.Min(12, units.Rows.Rows - 1), Restarts: 3), Reduced(units.Rows, job), job);
        return Methods.Select(method => Embedded(layer, method, pooling, units, told, groups, job) with { TopSamples = top });
    }

    private UnitEmbedding Embedded(string layer, string method, Pooling pooling, UnitResponses units, ImmutableArray<(int Class, double Selectivity)> told, Clusters groups, Job job)
    {
        var entry = Catalog.Find(Catalog.Of<IEmbedding>(Assembly.GetExecutingAssembly()), method);
        var embedding = EmbeddingStage.Fitting(entry.Create<IEmbedding>(ImmutableDictionary<string, string>.Empty), units.Rows.Rows);
        var projection = embedding.Embed(units.Rows, job);
        var quality = new EmbeddingQuality().Measure(units.Rows, projection.Points, [.. told.Select(unit => unit.Class)], job);
        var figures = quality.Figures.SetItems(projection.Figures).SetItems(groups.Figures.Select(figure => KeyValuePair.Create($"groups: {figure.Key}", figure.Value)));
        return new UnitEmbedding(
            $"{entry.Name} of the units of {layer}", new Provenance(entry.Name, entry.Describe(embedding), job.Seed, entry.Source),
            layer, method, Catalog.Kebab(pooling.ToString()), Save($"units/{LayerFiles.Of(layer)}.{method}.npy", projection.Points),
            [.. told.Select(unit => unit.Class)], [.. told.Select(unit => Math.Round(unit.Selectivity, 4))], units.Silent, groups.Labels, figures,
            [.. projection.Warnings, .. groups.Warnings, "Units lie together when they answer to the same samples; how loudly does not count."]);
    }

    private static Matrix Responses(ActivationStore store, string layer, Pooling pooling)
    {
        var array = store.Read(layer).Pool(pooling);
        return new Matrix(array.Shape[0], array.Stride, array.Values);
    }

    private static Matrix Reduced(Matrix units, Job job) =>
        units.Columns <= 50 ? units : new Pca(Math.Min(50, Math.Min(units.Rows, units.Columns))).Embed(units, job).Points;

    private ArrayFile Top(Matrix responses, string layer)
    {
        return Save($"units/{LayerFiles.Of(layer)}.top.npy", Strongest(responses, Shown));
    }

    /// <summary>(units, most): the samples that each unit answers to most, the strongest first; of equal ones the first.</summary>
    internal static Matrix Strongest(Matrix responses, int most)
    {
        var top = new Matrix(responses.Columns, Math.Min(most, responses.Rows));
        for (var sample = 0; sample < responses.Rows; sample++)
            for (var unit = 0; unit < top.Rows; unit++) Enter(top.Row(unit), responses, unit, sample);
        return top;
    }

    // Sinks into place among the first so many that stand there already; most samples end at the last one.
    private static void Enter(Span<float> ranked, Matrix responses, int unit, int sample)
    {
        var (place, response) = (Math.Min(sample, ranked.Length), responses[sample, unit]);
        while (place > 0 && response.CompareTo(responses[(int)ranked[place - 1], unit]) > 0) place--;
        if (place == ranked.Length) return;
        ranked[place..^1].CopyTo(ranked[(place + 1)..]);
        ranked[place] = sample;
    }

    private ArrayFile Save(string file, Matrix matrix)
    {
        Npy.Write(Run.File(file), matrix);
        return new ArrayFile(file, [matrix.Rows, matrix.Columns]);
    }
}
