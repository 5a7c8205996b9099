using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using ModelInspector.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelInspector.Attribution.Perturbation;

/// <summary>Shapley values: what each part of the input, or of a layer, adds to the score, averaged over all orders in which the parts could be put in.</summary>
/// <remarks>
/// Formula: φ_i = Σ_S |S|! (n − |S| − 1)! / n! · (s(S ∪ i) − s(S)), s(S) the score with everything outside S set to the baseline. Drawn at each
/// position of the part. Result: the batch's shape, or the layer's, unit: score; the players' values sum to s(x) − s(baseline).
/// Cost: 2ⁿ forwards (at a layer, of what follows it) for up to 12 players; beyond, n − 1 forwards for each of <c>orders</c> random orders, taken forwards and backwards; no gradient.
/// Source: Shapley 1953; Castro et al., 2009 (sampling), with antithetic orders.
/// Misleads: a baseline that the network reads as something else than "absent" moves every value, and so does how the input is cut up.
/// </remarks>
[Method("shapley", "Shapley 1953; Castro et al., Polynomial calculation of the Shapley value, 2009", Summary = "What each part of the input adds to the score, averaged over all orders.")]
public sealed record Shapley(
    [Description("parts of the input or layer: " + Players.Summary)] string Players = "quadrants",
    [Description("random orders, beyond 12 players: an even number, because each is taken backwards too"), Range(4, 1_000_000)] int Orders = 100,
    [Description("value that is put in, in the network's (normalised) units")] double Baseline = 0) : IAttribution, ILayerAttribution
{
    private const int MostExact = 12;

    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Target target, Job job)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var game = Game.Of(model, batch, target, Players, Baseline);
        return game.Drawn(Values(game, job).Values).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Attribute(IDifferentiableModel model, Tensor batch, Layer layer, Target target, Job job)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        using var rest = new Suffix(model, batch, layer, target);
        var game = Game.Of(model.Graph, rest, target, Players, Baseline);
        return rest.AsOutput(game.Drawn(Values(game, job).Values)).MoveToOuterDisposeScope();
    }

    /// <summary>The players' values and the standard error of each, which is 0 where every coalition was run and NaN of a single pair of orders.</summary>
    /// <param name="model">The network; unchanged afterwards.</param>
    /// <param name="batch">(samples, channels, …).</param>
    /// <param name="target">What is explained.</param>
    /// <param name="job">Seed, progress, cancellation.</param>
    /// <returns>(samples, players) each.</returns>
    public (Tensor Values, Tensor StandardError) Estimate(IModel model, Tensor batch, Target target, Job job)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var (values, error) = Values(Game.Of(model, batch, target, Players, Baseline), job);
        return (values.MoveToOuterDisposeScope(), error.MoveToOuterDisposeScope());
    }

    private (Tensor Values, Tensor Error) Values(Game game, Job job) => Orders % 2 == 1
        ? throw new InputException($"Shapley values take each order forwards and backwards, and {Orders} orders were asked for. Expected an even number, such as {Orders + 1}.")
        : game.Players.Count <= MostExact ? Exact(game, job) : Sampled(game, job);

    private static (Tensor, Tensor) Exact(Game game, Job job)
    {
        var players = game.Players.Count;
        var worth = game.Worth(1 << players, (from, count) => Coalitions.Numbered(from, count, players, game.Values.device), job, "shapley");
        var values = worth.to(ScalarType.Float64).matmul(Weights(players).to(game.Values.device));
        return (values, zeros_like(values));
    }

    // Each coalition counts for its members with the orders that they complete, against the others with the orders that they would continue.
    private static Tensor Weights(int players)
    {
        var weights = new double[1 << players, players];
        for (var set = 0; set < 1 << players; set++)
        {
            var size = System.Numerics.BitOperations.PopCount((uint)set);
            for (var player = 0; player < players; player++)
                weights[set, player] = (set >> player & 1) == 1 ? Share(size - 1, players) : -Share(size, players);
        }
        return tensor(weights);
    }

    // s! (n − s − 1)! / n!
    private static double Share(int before, int players)
    {
        var choose = 1.0;
        for (var i = 0; i < before; i++) choose *= (players - 1.0 - i) / (i + 1);
        return 1 / (players * choose);
    }

    private (Tensor, Tensor) Sampled(Game game, Job job)
    {
        var (players, pairs) = (game.Players.Count, Orders / 2);
        var nothing = game.Nothing();
        var (sum, squares) = (zeros([game.Values.shape[0], players], ScalarType.Float64, game.Values.device), zeros([game.Values.shape[0], players], ScalarType.Float64, game.Values.device));
        for (var pair = 0; pair < pairs; pair++)
        {
            using var run = NewDisposeScope();
            var gain = (Gains(game, 2 * pair, nothing, job) + Gains(game, 2 * pair + 1, nothing, job)) / 2;
            sum.add_(gain);
            squares.add_(gain * gain);
            job.Report("shapley", pair + 1, pairs, Note(sum, squares, pair + 1));
        }
        return (sum / pairs, Error(sum, squares, pairs));
    }

    private static string? Note(Tensor sum, Tensor squares, int pairs) =>
        pairs < 2 ? null : string.Create(CultureInfo.InvariantCulture, $"standard error up to {Error(sum, squares, pairs).max().item<double>():G2}");

    // One pair says nothing of how far the next one would lie from it.
    private static Tensor Error(Tensor sum, Tensor squares, int pairs) =>
        pairs < 2 ? full_like(sum, double.NaN) : ((squares - sum * sum / pairs).clamp_min(0) / (pairs - 1) / pairs).sqrt();

    // What each player adds when the players come in one order.
    private static Tensor Gains(Game game, int index, Tensor nothing, Job job)
    {
        var players = game.Players.Count;
        var order = Coalitions.Order(index, players, job.Seed);
        var place = new int[players];
        for (var i = 0; i < players; i++) place[order[i]] = i;
        var silent = job with { Progress = Job.Quiet().Progress };
        var between = game.Worth(players - 1, (from, count) => Coalitions.Table(count, players, game.Values.device, (row, player) => place[player] <= from + row), silent, "shapley");
        var worth = cat([nothing.unsqueeze(1), between, game.Whole.unsqueeze(1)], 1).to(ScalarType.Float64);      // (N, players + 1)
        var gains = worth.narrow(1, 1, players) - worth.narrow(1, 0, players);
        return gains.index_select(1, tensor(place.Select(at => (long)at).ToArray(), device: game.Values.device));
    }
}
