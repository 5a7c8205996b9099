using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelInspector.Attribution;
using ModelInspector.Evaluation.Sanity;
using ModelInspector.Findings;
using ModelInspector.Models;
using static TorchSharp.torch;

namespace ModelInspector.Evaluation;

/// <summary>Cascading parameter randomisation: whether maps change when the network forgets, layer by layer from the end, what it has learned.</summary>
/// <param name="Stages">Stages of the cascade at most; each replaces the weights of some more layers.</param>
/// <param name="Replacement">How a weight is replaced.</param>
/// <remarks>
/// At each stage the weights of all layers from the end down to one are replaced in a copy of the network (weights, biases and the statistics of normalisation layers alike), the same class is explained again, and the
/// maps are compared with the original ones at their own resolution by rank correlation and structural similarity. Unit: none; 1 is unchanged.
/// Cost: a forward and a backward a stage, whatever the number of layers looked at. Misleads: a shallow map shares the input's edges and background with
/// any network's, so that its correlation stays above zero; a map of noise passes. Passing says that a map depends on the weights, not that it is right.
/// </remarks>
[Method("parameter-randomisation", "Adebayo et al., Sanity checks for saliency maps, NeurIPS 2018", Summary = "How much maps change when weights are randomised from the last layer down to the first.")]
public sealed record ParameterRandomisation(
    [Range(1, 1000)][Description("Stages of the cascade at most.")] int Stages = 6,
    [Description("How a weight is replaced.")] Replacement Replacement = Replacement.Permute) : ISanityCheck
{
    /// <inheritdoc/>
    public void Require(IDifferentiableModel model, Tensor scores) => Cut(model);

    /// <inheritdoc/>
    public Finding Check(IDifferentiableModel model, Tensor batch, MapPlan plan, Target target, ImmutableArray<string> units, Job job) => Run(model, batch, plan, target, units, job);

    /// <summary>Runs the cascade.</summary>
    /// <param name="model">The network; unchanged afterwards.</param>
    /// <param name="batch">(samples, channels, …): a few dozen samples suffice.</param>
    /// <param name="plan">Which maps, at which layers.</param>
    /// <param name="target">What is explained; a predicted class stays the one that the unchanged network predicts.</param>
    /// <param name="units">Name of each sample's unit, such as its patient; empty: each sample is its own.</param>
    /// <param name="job">Seed, progress, cancellation.</param>
    /// <exception cref="InputException">The network has no weights that can be replaced.</exception>
    public ParameterRandomisationByLayer Run(IDifferentiableModel model, Tensor batch, MapPlan plan, Target target, ImmutableArray<string> units, Job job)
    {
        using var scope = NewDisposeScope();
        var stages = Cut(model);
        var same = Unchanged.Fixed(model, batch, target);
        var before = DrawnMaps.Of(model, batch, plan, same, job);
        var table = new RandomisationTable([.. stages.Select(stage => stage.Stage)], (int)batch.shape[0]);
        var copies = new Stack<IReweightableModel>([(IReweightableModel)model]);
        try
        {
            foreach (var (index, (stage, layers)) in stages.Index())
            {
                job.Report("parameter randomisation", index, stages.Length, stage.Lowest);
                copies.Push(RandomWeights.Of(copies.Peek(), layers, Replacement, job.Seed));
                Compare(table, index, before, DrawnMaps.Of(copies.Peek(), batch, plan, same, job));
            }
            job.Report("parameter randomisation", stages.Length, stages.Length);
        }
        finally
        {
            while (copies.Count > 1) copies.Pop().Dispose();
        }
        return table.Finish(From(job), new Bootstrap(), units);
    }

    private ImmutableArray<(RandomisationStage Stage, IReadOnlySet<string> Layers)> Cut(IDifferentiableModel model)
    {
        var weighty = model.Graph.Layers.Where(layer => layer.Parameters > 0).Reverse().ToList();
        if (model is not IReweightableModel || weighty.Count == 0)
            throw new InputException($"{model.Graph.Name} has no weights that can be replaced, so that its maps cannot be checked by randomising them. Leave the check out.");
        var (count, total) = (Math.Min(Stages, weighty.Count), weighty.Sum(layer => layer.Parameters));
        return [.. Enumerable.Range(0, count).Select(stage =>
        {
            var (from, to) = (stage * weighty.Count / count, (stage + 1) * weighty.Count / count);
            var replaced = (double)weighty.Take(to).Sum(layer => layer.Parameters) / total;
            var intact = model.Graph.Layers.TakeWhile(layer => layer.Name != weighty[to - 1].Name).Select(layer => layer.Name).Append(MapPlan.InputLayer).ToHashSet();
            return (new RandomisationStage(weighty[to - 1].Name, replaced) { Intact = intact }, (IReadOnlySet<string>)weighty[from..to].Select(layer => layer.Name).ToHashSet());
        })];
    }

    private static void Compare(RandomisationTable table, int stage, List<StoredMap> before, List<StoredMap> after)
    {
        foreach (var (one, other) in before.Zip(after))
            for (var image = 0; image < one.Samples; image++) table.Add(stage, one.Layer, one.Method, image, new(one.Of(image), other.Of(image)));
    }

    private Provenance From(Job job)
    {
        var entry = Catalog.Find(Catalog.Of<ISanityCheck>(), "parameter-randomisation");
        return new(entry.Name, entry.Describe(this), job.Seed, entry.Source);
    }
}
