using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler;

namespace TorchSharp.Modules;

/// <summary>Up to a largest rate and down to nearly nothing, once; the momentum goes the other way.</summary>
public sealed class OneCycleLR : LRScheduler
{
    /// <summary>The shape of the way from one value to the next.</summary>
    public enum AnnealStrategy
    {
        Cos = 0,
        Linear = 1,
    }

    private readonly int total;
    private readonly double[] ends;
    private readonly double[][] rates;
    private readonly double[][]? momenta;
    private readonly AnnealStrategy strategy;

    internal OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps, int epochs, int steps_per_epoch, double pct_start, AnnealStrategy anneal_strategy,
        bool cycle_momentum, IEnumerable<double>? base_momentum, IEnumerable<double>? max_momentum, double div_factor, double final_div_factor, bool three_phase, int last_epoch, bool verbose)
        : base(optimizer, last_epoch, verbose)
    {
        total = Total(total_steps, epochs, steps_per_epoch);
        if (pct_start is < 0 or > 1) throw new ArgumentException($"pct_start must lie in [0, 1], not be {pct_start}.");
        strategy = anneal_strategy;
        var top = (pct_start * total) - 1;
        ends = three_phase ? [top, (2 * pct_start * total) - 2, total - 1] : [top, total - 1];
        rates = [.. PerGroup(max_lr, 0).Select(most => Path(three_phase, most / div_factor, most, most / div_factor / final_div_factor))];
        if (cycle_momentum) momenta = [.. PerGroup(base_momentum, 0.85).Zip(PerGroup(max_momentum, 0.95), (least, most) => Path(three_phase, most, least, most))];
        if (last_epoch == -1) Begin();
        step();
    }

    /// <summary>The values between which to go; with three phases the start comes again.</summary>
    private static double[] Path(bool threePhases, double start, double top, double end) => threePhases ? [start, top, start, end] : [start, top, end];

    private static int Total(int steps, int epochs, int stepsPerEpoch)
    {
        var total = steps > 0 ? steps : epochs > 0 && stepsPerEpoch > 0 ? epochs * stepsPerEpoch : 0;
        return total > 0 ? total : throw new ArgumentException("You must define either total_steps or both epochs and steps_per_epoch.");
    }

    private double[] PerGroup(IEnumerable<double>? values, double otherwise)
    {
        var groups = _optimizer.ParamGroups.Count();
        double[] given = values is null ? [otherwise] : [.. values];
        if (given.Length == 1) return [.. Enumerable.Repeat(given[0], groups)];
        return given.Length == groups ? given : throw new ArgumentException($"{given.Length} values were given for {groups} groups of parameters.");
    }

    private void Begin()
    {
        foreach (var (group, path) in _optimizer.ParamGroups.Zip(rates)) group.InitialLearningRate = path[0];
        _base_lrs = [.. rates.Select(path => path[0])];
    }

    protected override IEnumerable<double> get_lr()
    {
        if (_last_epoch > total) throw new InvalidOperationException($"Tried to step {_last_epoch + 1} times; the total number of steps is {total}.");
        if (momenta is not null)
            foreach (var (group, path) in _optimizer.ParamGroups.Zip(momenta)) SetMomentum(group, Along(path));
        return [.. rates.Select(Along)];
    }

    /// <summary>Where this step is on a path.</summary>
    private double Along(double[] path)
    {
        var phase = 0;
        while (phase < ends.Length - 1 && _last_epoch > ends[phase]) phase++;
        var from = phase == 0 ? 0 : ends[phase - 1];
        return Anneal(path[phase], path[phase + 1], (_last_epoch - from) / (ends[phase] - from));
    }

    private double Anneal(double start, double end, double part) =>
        strategy == AnnealStrategy.Linear ? start + ((end - start) * part) : end + ((start - end) / 2 * (1 + Math.Cos(Math.PI * part)));

    internal static void SetMomentum(ILearningRateController group, double momentum)
    {
        if (group is IMomentum plain) plain.Momentum = momentum;
        else if (group is IBetas adam) adam.Betas = (momentum, adam.Betas.Item2);
    }
}
