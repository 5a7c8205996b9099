using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation;

/// <summary>A game whose players are parts of the input: a coalition is worth the score of the input with everything else set to the baseline.</summary>
internal sealed record Game(IModel Model, Tensor Batch, Target Target, Players Players, Tensor Baseline, Tensor Whole)
{
    /// <summary>The players, and the game with its target fixed by the input as it is.</summary>
    public static (Players Players, Game Game) Of(IModel model, Tensor batch, Target target, string players, double baseline)
    {
        var known = Unchanged.Of(model, batch, target);
        var parts = Players.Of(players, batch);
        return (parts, new Game(model, batch, known.Target, parts, full([1], baseline, batch.dtype, batch.device), known.Score));
    }

    /// <summary>What coalitions are worth.</summary>
    /// <param name="count">Coalitions in all.</param>
    /// <param name="coalitions">A range of them: (count, players), 1 where the player is there.</param>
    /// <param name="job">Progress and cancellation.</param>
    /// <param name="stage">What progress is reported as.</param>
    /// <returns>(samples, coalitions).</returns>
    public Tensor Values(int count, Func<int, int, Tensor> coalitions, Job job, string stage) =>
        MaskedRuns.Scores(Model, Batch, Target, count, (from, take) => Players.Masks(coalitions(from, take).to(Batch.dtype)), job, stage, Baseline);

    /// <summary>What nobody is worth: the score of the baseline, (samples).</summary>
    public Tensor Nothing()
    {
        using var scope = NewDisposeScope();
        return Target.Of(Readout.Of(Model, Baseline.expand(Batch.shape).contiguous(), Target)).MoveToOuterDisposeScope();
    }
}
