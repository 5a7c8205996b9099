using System.Collections.Immutable;
using ModelInspector.Attribution;
using ModelInspector.Attribution.Tokens;
using ModelInspector.Capture;
using ModelInspector.Findings;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Inspection;

/// <summary>Whether the methods point at the same places at the same layers, seen on a seeded choice of samples.</summary>
internal sealed record AgreementStage(Subject Subject, InspectionRequest Request)
{
    private const int MostSamples = 96;
    private const ulong Stream = 0xA62EE;

    /// <summary>The agreement of every two methods at every layer; nothing where there is one method alone.</summary>
    public IEnumerable<Finding> Of(ImmutableArray<(string Name, ILayerMap Map)> maps, Job job)
    {
        if (maps.Length < 2) return [];
        int[] chosen = [.. new Randomness(job.Seed, Stream).Choose(Subject.Count, Math.Min(MostSamples, Subject.Count)).Order()];
        var agreement = new MethodAgreement(chosen.Length);
        var (size, grid) = (Subject.Model.Graph.BatchOf(Request.Batch), TokenGrid.Of(Subject.Model.Graph));
        for (var start = 0; start < chosen.Length; start += size)
        {
            using var scope = NewDisposeScope();
            var input = stack([.. chosen.Skip(start).Take(size).Select(index => Batches.ToTensor(Subject.Samples.Load(index).Input, Request.Device))], 0);
            foreach (var pair in LayerGradients.Of(Subject.Model, input, Subject.Layers, new PredictedClass())) Compare(agreement, start, pair.Layer.Name, [.. maps.Select(map => (map.Name, Batches.ToArray(pair.Drawn(map.Map, grid))))]);
            job.Report("agreement of methods", Math.Min(chosen.Length, start + size), chosen.Length);
        }
        return [agreement.Finish(Units(chosen), job.Seed)];
    }

    private static void Compare(MethodAgreement agreement, int first, string layer, ImmutableArray<(string Name, NdArray Maps)> drawn)
    {
        for (var one = 0; one < drawn.Length; one++)
            for (var other = one + 1; other < drawn.Length; other++)
                for (var image = 0; image < drawn[one].Maps.Shape[0]; image++)
                    agreement.Add(layer, drawn[one].Name, drawn[other].Name, first + image, drawn[one].Maps[image], drawn[other].Maps[image]);
    }

    private ImmutableArray<string> Units(int[] chosen) =>
        Subject.Samples.Data.Column(Request.GroupColumn) is { } units ? [.. chosen.Select(index => units[index])] : [];
}
