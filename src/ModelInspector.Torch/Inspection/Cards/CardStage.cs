using System.Collections.Immutable;
using System.Globalization;
using ModelInspector.Activations;
using ModelInspector.Evaluation;
using ModelInspector.Findings;
using ModelInspector.Models;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Inspection.Cards;

/// <summary>
/// Probes the units of every layer looked at: what each answers to, cards with the samples that drive it most and the region that does, feature maps of a few samples,
/// and the kernels of the first convolution. Two passes without gradients: one over the probe samples, one over those that the cards name.
/// </summary>
/// <param name="Subject">Network and samples.</param>
/// <param name="Run">Where arrays and pictures go.</param>
/// <param name="Request">Batch, device, cards a layer.</param>
internal sealed record CardStage(Subject Subject, RunDirectory Run, InspectionRequest Request)
{
    /// <summary>Above this share of its values a unit counts as driven.</summary>
    public const double Quantile = 0.99;

    private const int MostProbed = 2_000;
    private const int MostLayers = 12;
    private const int SamplesOfACard = 6;
    private const int Shown = 8;
    private const int FewestOfAClass = 3;
    private const string ByClass = "Units whose mean response differs most between classes come first (share of variance that the class explains, η²)";
    private const string BySpread = "Units whose mean response varies most between samples, measured by its own size, come first; there are too few samples a class to tell classes apart";

    private static readonly ImmutableArray<string> Columns = ["threshold", "peak", "mean", "selectivity", "class"];

    /// <summary>Findings of all layers; none when no cards are wanted.</summary>
    /// <param name="table">The samples, with predictions and the examples that are shown.</param>
    /// <param name="job">Seed, progress, cancellation.</param>
    public IEnumerable<Finding> Of(SampleTable table, Job job)
    {
        if (Request.UnitCards < 1) return [];
        var kernels = FirstConvolution.Of(Subject, Run, Request.Device);
        var probe = Probe(job.Seed);
        var layers = Responses(probe, job).Select(pair => Layer(pair.Key, pair.Value, probe, table, job.Seed)).ToList();
        Draw([.. layers.SelectMany(layer => layer.Drawn)], job);
        var cards = layers.Select(layer => (Finding)(layer.Cards.Wanted.IsEmpty ? layer.Units : layer.Units with { Maps = layer.Cards.Save(Run, File(layer.Units.Layer, "cards")) }));
        var maps = layers.Where(layer => !layer.Features.Wanted.IsEmpty).Select(layer => Features(layer, job.Seed));
        return [.. kernels is null ? [] : new Finding[] { kernels }, .. cards, .. maps, .. Pictures([.. layers.Select(layer => layer.Units)], job)];
    }

    private ProbeBatches Batches => new(Subject, Request.Batch, Request.Device);

    private ImmutableArray<int> Probe(ulong seed) =>
        [.. new Randomness(seed, 0x9B0B).Choose(Subject.Count, Math.Min(Subject.Count, MostProbed)).Order()];

    // In execution order; layers that are neither vectors nor pictures (tokens, volumes) are left out.
    private List<KeyValuePair<Layer, ProbedUnits>> Responses(ImmutableArray<int> probe, Job job)
    {
        var found = new Dictionary<Layer, ProbedUnits>();
        Batches.Run(probe, Some(Subject.Layers), (first, layer, output) =>
        {
            if (output.Dimensions is not (2 or 4)) return;
            var flat = output.Dimensions == 2 ? output.unsqueeze(2) : output.flatten(2); // (n, units, positions)
            if (!found.TryGetValue(layer, out var responses))
                found[layer] = responses = new ProbedUnits(probe.Length, (int)flat.shape[1], (int)flat.shape[2], job.Seed);
            responses.Add(first, flat);
        }, "units' responses", job);
        return [.. found];
    }

    private static IEnumerable<Layer> Some(ImmutableArray<Layer> layers) => layers.Length <= MostLayers ? layers
        : Enumerable.Range(0, MostLayers).Select(i => layers[(int)Math.Round(i * (layers.Length - 1.0) / (MostLayers - 1))]);

    private Probed Layer(Layer layer, ProbedUnits responses, ImmutableArray<int> probe, SampleTable table, ulong seed)
    {
        var labels = table.Labels.Any(label => label >= 0) ? table.Labels : table.Predicted;
        int[] classes = [.. probe.Select(sample => labels[sample])];
        var told = classes.Where(label => label >= 0).CountBy(label => label).Count(group => group.Value >= FewestOfAClass) >= 2;
        var selectivity = Selectivity.Of(responses.Means, told ? classes : [.. classes.Select(_ => -1)]);
        var thresholds = responses.Thresholds();
        var order = Order(responses, selectivity).Take(Request.UnitCards).ToList();
        ImmutableArray<UnitCard> cards = [.. order.Select(unit => Card(unit, thresholds[unit], responses.Peaks, probe))];
        var from = new Provenance("units", Settings(responses, probe.Length, table), seed, "Bau et al., Network dissection, CVPR 2017, section 2.2 (top activations, thresholded)");
        var rule = $"{(told ? ByClass : BySpread)}; {cards.Length} of {responses.Means.Columns} are shown.";
        var units = new LayerUnits($"Units of {layer.Name}", from, layer.Name, Columns, Save(layer.Name, Table(responses, thresholds, selectivity)), cards, rule);
        var shown = responses.Values.All == responses.Means.Rows ? [] : FeatureSamples(table, seed);
        return new Probed(
            units,
            new UnitMaps(layer, responses.Values.All == responses.Means.Rows ? [] : [.. cards.SelectMany(card => card.Samples.Select(sample => (sample, card.Unit)))], Peaks: true),
            new UnitMaps(layer, [.. shown.SelectMany(sample => cards.Select(card => (sample, card.Unit)))], Peaks: false));
    }

    private static IEnumerable<int> Order(ProbedUnits responses, Selectivity[] selectivity) =>
        Enumerable.Range(0, selectivity.Length)
            .OrderByDescending(unit => double.IsNaN(selectivity[unit].Share) ? -1 : selectivity[unit].Share)
            .ThenByDescending(unit => Spread(responses.Means, unit));

    // Standard deviation over the mean's size; 0 for a unit that never changes.
    private static double Spread(Matrix means, int unit)
    {
        var values = Enumerable.Range(0, means.Rows).Select(row => (double)means[row, unit]).ToList();
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        return deviation > 0 && double.IsFinite(deviation) ? deviation / (Math.Abs(mean) + deviation) : 0;
    }

    private static float Peak(Matrix peaks, int unit) => Enumerable.Range(0, peaks.Rows).Max(row => peaks[row, unit]);

    private static UnitCard Card(int unit, float threshold, Matrix peaks, ImmutableArray<int> probe)
    {
        var best = Enumerable.Range(0, peaks.Rows).OrderByDescending(row => float.IsNaN(peaks[row, unit]) ? float.NegativeInfinity : peaks[row, unit]).Take(SamplesOfACard).ToList();
        return new UnitCard(unit, threshold, [.. best.Select(row => probe[row])], [.. best.Select(row => peaks[row, unit])]);
    }

    private ImmutableSortedDictionary<string, string> Settings(ProbedUnits responses, int probed, SampleTable table) => new Dictionary<string, string>
    {
        ["samples probed"] = probed == Subject.Count ? $"all {probed}" : $"{probed} of {Subject.Count}, drawn at random with the run's seed",
        ["classes"] = table.Labels.Any(label => label >= 0) ? "as labelled" : "as predicted",
        ["threshold"] = string.Create(CultureInfo.InvariantCulture, $"{Quantile} quantile of each unit's values; its rank is within {responses.RankError:0.####} with 99 % probability"),
        ["values a unit"] = responses.Values.Used == responses.Values.All ? $"all {responses.Values.All}" : $"{responses.Values.Used} of {responses.Values.All}, positions drawn evenly at random",
    }.ToImmutableSortedDictionary();

    private static Matrix Table(ProbedUnits responses, float[] thresholds, Selectivity[] selectivity)
    {
        var figures = new Matrix(thresholds.Length, Columns.Length);
        for (var unit = 0; unit < thresholds.Length; unit++)
        {
            var mean = Enumerable.Range(0, responses.Means.Rows).Average(row => responses.Means[row, unit]);
            float[] row = [thresholds[unit], Peak(responses.Peaks, unit), mean, (float)selectivity[unit].Share, selectivity[unit].Class];
            row.CopyTo(figures.Row(unit));
        }
        return figures;
    }

    // A few of the examples that the page shows large, every class in turn.
    private static ImmutableArray<int> FeatureSamples(SampleTable table, ulong seed)
    {
        var examples = table.Examples.Select(example => example.Sample).ToList();
        return [.. ExampleChoice.Of([.. examples.Select(sample => table.Labels[sample])], [.. examples.Select(sample => table.Predicted[sample])], Math.Min(Shown, examples.Count), seed).Select(i => examples[i])];
    }

    private void Draw(ImmutableArray<UnitMaps> wanted, Job job)
    {
        ImmutableArray<int> samples = [.. wanted.SelectMany(maps => maps.Wanted).Select(map => map.Sample).Distinct().Order()];
        var byLayer = wanted.Where(maps => !maps.Wanted.IsEmpty).ToLookup(maps => maps.Layer.Name);
        Batches.Run(samples, wanted.Select(maps => maps.Layer), (first, layer, output) =>
        {
            foreach (var maps in byLayer[layer.Name]) maps.Take(samples.AsSpan(first, (int)output.shape[0]), output);
        }, "units' maps", job);
    }

    private FeatureMaps Features(Probed layer, ulong seed) => new(
        $"Feature maps of {layer.Units.Layer}", Provenance.Of("feature-maps", seed), layer.Units.Layer, [.. layer.Units.Cards.Select(card => card.Unit)],
        [.. layer.Features.Wanted.Select(map => map.Sample).Distinct()], layer.Features.Save(Run, File(layer.Units.Layer, "features")));

    private IEnumerable<Finding> Pictures(ImmutableArray<LayerUnits> layers, Job job)
    {
        ImmutableArray<int> samples = [.. layers.SelectMany(layer => layer.Cards).SelectMany(card => card.Samples).Distinct().Order()];
        if (new Gallery(Run, Subject.Samples).Probes(samples, job) is { } sheets)
            yield return new ProbePictures($"Pictures of {samples.Length} samples", Provenance.Of("units", job.Seed), samples, sheets);
    }

    private ArrayFile Save(string layer, Matrix figures)
    {
        Npy.Write(Run.File(File(layer, "figures")), figures);
        return new ArrayFile(File(layer, "figures"), [figures.Rows, figures.Columns]);
    }

    private static string File(string layer, string what) => $"units/{LayerFiles.Of(layer)}.{what}.npy";

    private sealed record Probed(LayerUnits Units, UnitMaps Cards, UnitMaps Features)
    {
        public IEnumerable<UnitMaps> Drawn => [Cards, Features];
    }
}
