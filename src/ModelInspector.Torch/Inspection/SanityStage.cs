using System.Collections.Immutable;
using ModelInspector.Attribution;
using ModelInspector.Capture;
using ModelInspector.Evaluation;
using ModelInspector.Findings;
using ModelInspector.Models;
using ModelInspector.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Inspection;

/// <summary>Whether the maps that everything else rests on depend on what the network has learned, seen on a seeded choice of samples.</summary>
internal sealed record SanityStage(Subject Subject, InspectionRequest Request)
{
    private const int MostSamples = 24;
    private const ulong Stream = 0x5A17;

    /// <summary>The cascade of parameter randomisation; nothing for a network whose weights cannot be replaced.</summary>
    public IEnumerable<Finding> Of(Job job)
    {
        if (Subject.Model is not IReweightableModel || Subject.Model.Graph.Layers.All(layer => layer.Parameters == 0)) return [];
        using var scope = NewDisposeScope();
        var size = Math.Min(Subject.Model.Graph.BatchOf(MostSamples), Subject.Count);
        var chosen = new Randomness(job.Seed, Stream).Choose(Subject.Count, size).Order();
        var batch = stack([.. chosen.Select(index => Batches.ToTensor(Subject.Samples.Load(index).Input, Request.Device))], 0);
        return [new ParameterRandomisation().Run(Subject.Model, batch, MapPlan.Of(Subject.Layers, Request.Maps), new PredictedClass(), Units(chosen), job)];
    }

    private ImmutableArray<string> Units(IEnumerable<int> chosen) =>
        Subject.Units(Request.GroupColumn).Of is { IsEmpty: false } units ? [.. chosen.Select(index => units[index])] : [];
}
