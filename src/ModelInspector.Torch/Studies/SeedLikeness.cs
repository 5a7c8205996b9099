using System.Collections.Immutable;
using ModelInspector.Attribution;
using ModelInspector.Capture;
using ModelInspector.Evaluation;
using ModelInspector.Evaluation.Sanity;
using ModelInspector.Findings;
using ModelInspector.Models;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Studies;

/// <summary>How alike the maps of networks are that differ in their seed, in the labels they were trained with, or in having learned anything at all.</summary>
internal sealed class SeedLikeness(HeldOutCases held, Job job)
{
    // Rank correlations of whole images are slow; a seeded third of the images suffices.
    private readonly int[] images = [.. new Randomness(job.Seed, 0x11CE).Choose(held.Count, Math.Max(2, held.Count / 3)).Order()];

    /// <summary>Rank correlation by layer: between seeds of each architecture, and with the network of shuffled labels.</summary>
    public StudyTable Table(IReadOnlyList<TrainedNetwork> networks, TrainedNetwork shuffled)
    {
        var rows = networks.GroupBy(network => network.Architecture).SelectMany(group => Rows(Catalog.Kebab(group.Key.ToString()), "between seeds", [.. group]))
            .Concat(Rows("pooled-head", "with shuffled labels", [networks[0], shuffled]));
        return new("How alike maps of separately trained networks are",
            $"Mean rank correlation over positions of the maps of the same image and class, over pairs of networks and {images.Length} images, with a 95 % interval over patients. `with shuffled labels`: against a network of the same start whose training labels were shuffled.",
            ["architecture", "pair", "layer", "SAM", "Grad-CAM"], [.. rows]);
    }

    /// <summary>Cascading parameter randomisation of one network each.</summary>
    public (StudyTable Table, ImmutableArray<string> Sentences) Sanity(IReadOnlyList<TrainedNetwork> networks)
    {
        var rows = new List<ImmutableArray<string>>();
        var sentences = new List<string>();
        foreach (var network in networks)
        {
            using var model = network.Open();
            using var scope = NewDisposeScope();
            var (batch, plan) = (Batches.ToTensor(Inputs()), MapPlan.Of(Activations(model), ["sam", "grad-cam", "saliency", "guided-backprop"]));
            var finding = new ParameterRandomisation(3).Run(model, batch, plan, Classes(), Patients(), job);
            var name = Catalog.Kebab(network.Architecture.ToString());
            foreach (var row in finding.Rows.Where(row => row.Stage == finding.Stages[^1] && row.Metric == "rank-correlation"))
                rows.Add([name, row.Method, row.Layer, row.Value.Text()]);
            sentences.AddRange(finding.Sentences.Select(sentence => $"{name}: {sentence}"));
        }
        return (new("Sanity check: maps when all weights are permuted", "Mean rank correlation with the map of the trained network (seed 1), with a 95 % interval over patients.", ["architecture", "method", "layer", "rank correlation"], [.. rows]), [.. sentences]);
    }

    private IEnumerable<ImmutableArray<string>> Rows(string architecture, string pair, IReadOnlyList<TrainedNetwork> networks)
    {
        if (networks.Count < 2) return [];
        var drawn = networks.Select(Drawn).ToList();
        var draws = new Bootstrap().Over(Patients(), images.Length, job.Seed);
        return [.. drawn[0].Where(map => map.Method == "sam").Select(map => (ImmutableArray<string>)
            [architecture, pair, map.Layer, .. ((string[])["sam", "grad-cam"]).Select(method => Likeness([.. drawn.Select(maps => maps.Single(one => one.Layer == map.Layer && one.Method == method))], draws))])];
    }

    private string Likeness(List<StoredMap> maps, BootstrapDraws draws)
    {
        var values = new double[images.Length];
        RowParallel.Run(values.Length, 1, (_, image, _) => values[image] = Pairs(maps.Count)
            .Select(pair => new RankCorrelation().Measure(new(maps[pair.One].Of(image), maps[pair.Other].Of(image)), Job.Quiet()).Value).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average());
        return draws.Mean(values) is { Count: > 0 } mean ? mean.Text() : "not defined";
    }

    private static IEnumerable<(int One, int Other)> Pairs(int count) =>
        from one in Enumerable.Range(0, count) from other in Enumerable.Range(one + 1, count - one - 1) select (one, other);

    private List<StoredMap> Drawn(TrainedNetwork network)
    {
        using var model = network.Open();
        using var scope = NewDisposeScope();
        return DrawnMaps.Of(model, Batches.ToTensor(Inputs()), MapPlan.Of(Activations(model), ["sam", "grad-cam"]), Classes(), job);
    }

    private static ImmutableArray<Layer> Activations(IModel model) => [.. model.Graph.Layers.Where(layer => layer.Op == "Relu")];

    private NdArray Inputs() => new([images.Length, .. held.Inputs.Shape[1..]], [.. images.SelectMany(image => held.Inputs[image].ToArray())]);

    private ClassTarget Classes() => new([.. images.Select(image => (long)held.Images[image].Phase)]);

    private ImmutableArray<string> Patients() => [.. images.Select(image => held.Patients[image])];
}
