using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler;

namespace TorchSharp.Modules;

/// <summary>Multiplies the rates by a factor when a measured quantity has not become better for a while.</summary>
internal sealed class ReduceLROnPlateau : LRScheduler
{
    private readonly bool minimize;
    private readonly bool relative;
    private readonly double factor;
    private readonly int patience;
    private readonly double threshold;
    private readonly int cooldown;
    private readonly double[] least;
    private readonly double eps;
    private double best;
    private int bad;
    private int cooling;

    internal ReduceLROnPlateau(Optimizer optimizer, string mode, double factor, int patience, double threshold, string threshold_mode, int cooldown, IList<double>? min_lr, double eps, bool verbose)
        : base(optimizer, -1, verbose)
    {
        if (factor >= 1) throw new ArgumentException($"Factor should be < 1.0, not {factor}.");
        if (mode is not ("min" or "max")) throw new ArgumentException($"The mode is 'min' or 'max', not '{mode}'.");
        if (threshold_mode is not ("rel" or "abs")) throw new ArgumentException($"The threshold mode is 'rel' or 'abs', not '{threshold_mode}'.");
        (minimize, relative) = (mode == "min", threshold_mode == "rel");
        (this.factor, this.patience, this.threshold, this.cooldown, this.eps) = (factor, patience, threshold, cooldown, eps);
        least = Least(min_lr, optimizer.ParamGroups.Count());
        best = minimize ? double.PositiveInfinity : double.NegativeInfinity;
        _last_epoch = 0;
    }

    private static double[] Least(IList<double>? given, int groups) => given switch
    {
        null or { Count: 0 } => new double[groups],
        { Count: 1 } => [.. Enumerable.Repeat(given[0], groups)],
        _ when given.Count == groups => [.. given],
        _ => throw new ArgumentException($"{given.Count} smallest rates were given for {groups} groups of parameters."),
    };

    public override void step() => throw new InvalidOperationException("ReduceLROnPlateau needs the measured quantity: call step(current).");

    public override void step(int? epoch) => step();

    public override void step(double current, int? epoch = null)
    {
        _step_count++;
        _last_epoch = epoch ?? (_last_epoch + 1);
        if (Better(current)) (best, bad) = (current, 0);
        else bad++;
        if (cooling > 0) (cooling, bad) = (cooling - 1, 0);
        if (bad <= patience) return;
        Apply(Reduced());
        (cooling, bad) = (cooldown, 0);
    }

    private bool Better(double current) => (minimize, relative) switch
    {
        (true, true) => current < best * (1 - threshold),
        (true, false) => current < best - threshold,
        (false, true) => current > best * (1 + threshold),
        (false, false) => current > best + threshold,
    };

    private IEnumerable<double> Reduced() => _optimizer.ParamGroups.Zip(least, (group, floor) =>
    {
        var reduced = Math.Max(group.LearningRate * factor, floor);
        return group.LearningRate - reduced > eps ? reduced : group.LearningRate;
    });
}
