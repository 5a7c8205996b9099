using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler;

namespace TorchSharp.Modules;

/// <summary>Up and down between two rates, again and again; the momentum goes the other way.</summary>
public sealed class CyclicLR : LRScheduler
{
    /// <summary>How the height of the cycles changes.</summary>
    public enum Mode
    {
        Triangular = 0,
        Triangular2 = 1,
        ExpRange = 2,
    }

    /// <summary>Whether a height is asked for by cycle or by step.</summary>
    public enum ScaleMode
    {
        Cycle = 0,
        Iterations = 1,
    }

    private readonly double period;
    private readonly double rise;
    private readonly Func<double, double> height;
    private readonly ScaleMode per;
    private readonly double[] most;
    private readonly (double Least, double Most)[]? momenta;

    internal CyclicLR(Optimizer optimizer, IEnumerable<double> base_lr, IEnumerable<double> max_lr, int step_size_up, int step_size_down, Mode mode, double gamma,
        Func<double, double>? scale_fn, ScaleMode scale_mode, bool cycle_momentum, IEnumerable<double>? base_momentum, IEnumerable<double>? max_momentum, int last_epoch, bool verbose)
        : base(optimizer, last_epoch, verbose)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step_size_up);
        period = step_size_up + (step_size_down > 0 ? step_size_down : step_size_up);
        rise = step_size_up / period;
        (height, per) = scale_fn is not null ? (scale_fn, scale_mode) : Height(mode, gamma);
        (_base_lrs, most) = (PerGroup(base_lr, 0), PerGroup(max_lr, 0));
        if (cycle_momentum) momenta = [.. PerGroup(base_momentum, 0.8).Zip(PerGroup(max_momentum, 0.9))];
        if (last_epoch == -1) Apply(_base_lrs);
        step();
    }

    private static (Func<double, double>, ScaleMode) Height(Mode mode, double gamma) => mode switch
    {
        Mode.Triangular => (_ => 1, ScaleMode.Cycle),
        Mode.Triangular2 => (cycle => 1 / Math.Pow(2, cycle - 1), ScaleMode.Cycle),
        _ => (step => Math.Pow(gamma, step), ScaleMode.Iterations),
    };

    private double[] PerGroup(IEnumerable<double>? values, double otherwise)
    {
        var groups = _optimizer.ParamGroups.Count();
        double[] given = values is null ? [otherwise] : [.. values];
        if (given.Length == 1) return [.. Enumerable.Repeat(given[0], groups)];
        return given.Length == groups ? given : throw new ArgumentException($"{given.Length} values were given for {groups} groups of parameters.");
    }

    protected override IEnumerable<double> get_lr()
    {
        var cycle = Math.Floor(1 + (_last_epoch / period));
        var position = 1 + (_last_epoch / period) - cycle;
        var part = (position <= rise ? position / rise : (1 - position) / (1 - rise)) * height(per == ScaleMode.Cycle ? cycle : _last_epoch);
        if (momenta is not null)
            foreach (var (group, (least, highest)) in _optimizer.ParamGroups.Zip(momenta)) OneCycleLR.SetMomentum(group, highest - ((highest - least) * part));
        return [.. _base_lrs.Zip(most, (least, highest) => least + ((highest - least) * part))];
    }
}
