using System.Collections.Immutable;
using ModelInspector.Activations;
using ModelInspector.Attribution;
using ModelInspector.Attribution.Tokens;
using ModelInspector.Capture;
using ModelInspector.Findings;
using ModelInspector.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Inspection;

/// <summary>The raw maps of the samples that are shown, at every layer: a second, short pass once it is known which samples those are.</summary>
internal static class ExampleMaps
{
    public static IEnumerable<LayerMaps> Of(
        Subject subject, RunDirectory run, ImmutableArray<(string Name, CatalogEntry Entry, ILayerMap Built)> maps, ImmutableArray<int> samples, int batch, Job job)
    {
        var parts = new Dictionary<(string Layer, string Method), List<NdArray>>();
        var (size, grid) = (subject.Model.Graph.BatchOf(batch), TokenGrid.Of(subject.Model.Graph));
        for (var start = 0; start < samples.Length; start += size)
        {
            using var scope = NewDisposeScope();
            var input = stack([.. samples.Skip(start).Take(size).Select(index => Batches.ToTensor(subject.Samples.Load(index).Input))], 0);
            foreach (var pair in LayerGradients.Of(subject.Model, input, subject.Layers, new PredictedClass()))
                foreach (var (map, drawn) in maps.Zip(pair.Drawn([.. maps.Select(map => map.Built)], grid)))
                    Part(parts, pair.Layer.Name, map.Name).Add(Batches.ToArray(drawn));
            job.Report("examples", Math.Min(samples.Length, start + size), samples.Length);
        }
        return [.. from layer in subject.LayerNames from map in maps where parts.ContainsKey((layer, map.Name)) select Save(layer, map, parts[(layer, map.Name)])];

        LayerMaps Save(string layer, (string Name, CatalogEntry Entry, ILayerMap Built) map, List<NdArray> pieces)
        {
            var (file, all) = ($"maps/{LayerFiles.Of(layer)}.{map.Name}.npy", Joined(pieces));
            Npy.Write(run.File(file), all);
            return new LayerMaps(
                $"{map.Name} at {layer}", new Provenance(map.Name, map.Entry.Describe(map.Built), job.Seed, map.Entry.Source),
                layer, map.Name, new PredictedClass().Name, samples, new ArrayFile(file, all.Shape));
        }
    }

    private static List<NdArray> Part(Dictionary<(string, string), List<NdArray>> parts, string layer, string method)
    {
        if (!parts.TryGetValue((layer, method), out var list)) parts[(layer, method)] = list = [];
        return list;
    }

    private static NdArray Joined(List<NdArray> parts) =>
        new([parts.Sum(part => part.Shape[0]), .. parts[0].Shape[1..]], [.. parts.SelectMany(part => part.Values)]);
}
