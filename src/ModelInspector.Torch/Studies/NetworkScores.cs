using System.Collections.Immutable;
using ModelInspector.Attribution;
using ModelInspector.Capture;
using ModelInspector.Evaluation;
using ModelInspector.Evaluation.Localisation;
using ModelInspector.Inspection;
using ModelInspector.Models;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Studies;

/// <summary>Scores every map of a trained network against the masks, and keeps the scores beside the network.</summary>
internal static class NetworkScores
{
    public static readonly ImmutableArray<string> AtInput = ["saliency", "guided-backprop", "input-times-gradient"];

    private static readonly ImmutableArray<string> AtLayers = ["sam", "grad-cam"];
    private static readonly HashSet<string> Looked = ["Relu", "Add", "MaxPool"];

    /// <summary>Layers with positions at which a study looks: activations, sums, poolings.</summary>
    public static ImmutableArray<Layer> Layers(IModel model) => [.. model.Graph.Layers.Where(layer => Looked.Contains(layer.Op))];

    /// <summary>The scores, read where they are there already.</summary>
    public static DepthTable Of(TrainedNetwork network, HeldOutCases held, Job job)
    {
        using var model = network.Open();
        var plan = MapPlan.Of(Layers(model), [.. AtLayers, .. AtInput]);
        var table = new DepthTable(plan.Places, [.. AtLayers, "cam", .. AtInput], held.Count, job.Seed);
        var file = Path.Combine(Path.GetDirectoryName(network.File)!, "scores.bin");
        var key = string.Join(' ', [Surroundings.Version, .. DepthMetric.All.Select(metric => metric.Label), held.Sha256, .. plan.Places, .. plan.Methods.Select(method => method.Name), $"{job.Seed}", .. held.Images.Select(image => image.File), File.GetLastWriteTimeUtc(network.File).Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        if (Read(file, key, table)) return table;
        Fill(table, model, plan, network, held, job);
        Write(file, key, table);
        return table;
    }

    private static void Fill(DepthTable table, IDifferentiableModel model, MapPlan plan, TrainedNetwork network, HeldOutCases held, Job job)
    {
        var cam = network.Architecture == Architecture.FlattenHead ? null : MapPlan.Of([plan.Layers[^1]], ["cam"]);
        for (var first = 0; first < held.Count; first += 25)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(25, held.Count - first);
            var (input, masks) = (Batches.ToTensor(held.Batch(first, count)), held.Masks.Skip(first).Take(count).Cast<NdArray?>().ToArray());
            table.AddControls(first, masks, [.. Enumerable.Range(first, count).Select(held.Intensity)]);
            foreach (var maps in new[] { plan, cam }.OfType<MapPlan>())
                maps.Draw(model, input, new PredictedClass(), job, map => table.Add(map.Layer, map.Method, first, Batches.ToArray(map.Map), masks));
            job.Report($"scores of {Catalog.Kebab(network.Architecture.ToString())}-{network.Seed}", first + count, held.Count);
        }
    }

    private static bool Read(string file, string key, DepthTable table)
    {
        if (!File.Exists(file)) return false;
        using var reader = new BinaryReader(File.OpenRead(file));
        if (reader.ReadString() != key) return false;
        table.Load(reader);
        return true;
    }

    private static void Write(string file, string key, DepthTable table)
    {
        using (var writer = new BinaryWriter(File.Create(file + ".part")))
        {
            writer.Write(key);
            table.Save(writer);
        }
        File.Move(file + ".part", file, overwrite: true);
    }
}
