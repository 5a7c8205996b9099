using System.Collections.Immutable;
using ModelInspector.Attribution;
using ModelInspector.Evaluation.Sanity;
using ModelInspector.Findings;
using ModelInspector.Models;
using ModelInspector.Numerics;
using static TorchSharp.torch;

namespace ModelInspector.Evaluation;

/// <summary>Whether a map depends on the class that it explains.</summary>
/// <remarks>
/// Each sample's map for its class is compared with that for another class, drawn by chance, by rank correlation and structural similarity. Unit: none; 1
/// says that the map is the same whatever is explained. Cost: two forwards and backwards. Misleads: where one organ tells all classes apart, a map may
/// rightly point at the same place for any of them; rectified maps of two classes may share their dark background.
/// </remarks>
[Method("random-logit", "Sixt, Granz and Landgraf, When explanations lie, ICML 2020", Summary = "How alike the maps of a sample's class and of another class are.")]
public sealed record RandomLogit : ISanityCheck
{
    /// <inheritdoc/>
    public void Require(IDifferentiableModel model, Tensor scores)
    {
        if (scores.Dimensions != 2 || scores.shape[1] < 2) throw new InputException(
            $"{model.Graph.Name} gives scores of shape ({string.Join(", ", scores.shape)}), so there is no other class to explain. Leave the check out.");
    }

    /// <inheritdoc/>
    public Finding Check(IDifferentiableModel model, Tensor batch, MapPlan plan, Target target, ImmutableArray<string> units, Job job)
    {
        var (own, other) = Targets(model, batch, target, job);
        var table = new SimilarityTable((int)batch.shape[0]);
        foreach (var (one, two) in DrawnMaps.Of(model, batch, plan, own, job).Zip(DrawnMaps.Of(model, batch, plan, other, job)))
            for (var sample = 0; sample < one.Samples; sample++) table.Add(one.Layer, one.Method, sample, new(one.Of(sample), two.Of(sample)));
        job.Report("random logit", 1, 1);
        return table.Finish("Maps of another class", "for another class", new("random-logit", ImmutableSortedDictionary<string, string>.Empty, job.Seed,
            "Sixt, Granz and Landgraf, When explanations lie, ICML 2020"), new Bootstrap(), units);
    }

    private (Target Own, Target Other) Targets(IDifferentiableModel model, Tensor batch, Target target, Job job)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var scores = Scores.Of(model, batch);
        Require(model, scores);
        var (own, classes, random) = (target.FixedBy(scores), (int)scores.shape[1], new Randomness(job.Seed, 0x10617));
        var explained = own is ClassTarget { Classes: var given } ? given : [.. scores.argmax(1).cpu().data<long>()];
        return (own, new ClassTarget([.. Enumerable.Range(0, (int)scores.shape[0]).Select(i => (explained[explained.Length == 1 ? 0 : i] + 1 + random.Below(classes - 1, (ulong)i)) % classes)]));
    }
}
