using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation;

/// <summary>A game whose players are parts of the input, or of a layer's output: a coalition is worth the score with everything else set to the baseline.</summary>
/// <param name="Graph">The network.</param>
/// <param name="Values">What is taken apart: (samples, channels, …).</param>
/// <param name="Read">What the target reads, of changed values: each sample's copies in a row.</param>
/// <param name="Target">What is explained; it no longer depends on what the network answers.</param>
/// <param name="Players">The parts.</param>
/// <param name="Baseline">What is put in.</param>
/// <param name="Whole">The score as it is, (samples).</param>
internal sealed record Game(ModelGraph Graph, Tensor Values, Func<Tensor, Tensor> Read, Target Target, Players Players, Tensor Baseline, Tensor Whole)
{
    /// <summary>The game of the input, with its target fixed by the input as it is.</summary>
    public static Game Of(IModel model, Tensor batch, Target target, string players, double baseline) =>
        Of(model.Graph, batch, changed => Readout.Of(model, changed, target), target, players, baseline);

    /// <summary>The game of a layer's output: only the rest of the network is run.</summary>
    public static Game Of(ModelGraph graph, Suffix rest, Target target, string players, double baseline) =>
        Of(graph, rest.Value, rest.Scores, target, players, baseline);

    /// <summary>What coalitions are worth.</summary>
    /// <param name="count">Coalitions in all.</param>
    /// <param name="coalitions">A range of them: (count, players), 1 where the player is there.</param>
    /// <param name="job">Progress and cancellation.</param>
    /// <param name="stage">What progress is reported as.</param>
    /// <returns>(samples, coalitions).</returns>
    public Tensor Worth(int count, Func<int, int, Tensor> coalitions, Job job, string stage) =>
        MaskedRuns.Scores(Graph, Values, Read, Target, count, (from, take) => Players.Masks(coalitions(from, take).to(Values.dtype)), job, stage, Baseline);

    /// <summary>What nobody is worth: the score of the baseline, (samples).</summary>
    public Tensor Nothing()
    {
        using var scope = NewDisposeScope();
        return Target.Of(Read(Baseline.expand(Values.shape).contiguous())).MoveToOuterDisposeScope();
    }

    /// <summary>Each player's value at each of its positions.</summary>
    /// <param name="values">(samples, players).</param>
    public Tensor Drawn(Tensor values) => Players.Drawn(values, Values);

    private static Game Of(ModelGraph graph, Tensor values, Func<Tensor, Tensor> read, Target target, string players, double baseline)
    {
        var scores = read(values);
        var known = target.FixedBy(scores);
        return new(graph, values, read, known, Players.Of(players, values), full([1], baseline, values.dtype, values.device), known.Of(scores));
    }
}
