using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler;

namespace TorchSharp.Modules;

/// <summary>A schedule that a formula gives: the next rate from the last, and any rate from the start.</summary>
internal abstract class Schedule : LRScheduler
{
    protected Schedule(Optimizer optimizer, int last_epoch, bool verbose) : base(optimizer, last_epoch, verbose) { }

    /// <summary>The rate of this epoch, from that of the last and that of the start.</summary>
    protected abstract double Next(int epoch, double last, double start);

    /// <summary>The rate of an epoch, from that of the start alone.</summary>
    protected abstract double At(int epoch, double start);

    protected override IEnumerable<double> get_lr() => Each((last, start) => Next(_last_epoch, last, start));
    protected override IEnumerable<double> get_closed_form_lr() => Each((_, start) => At(_last_epoch, start));
}

/// <summary>Start × λ(epoch).</summary>
internal sealed class LambdaLR : Schedule
{
    private readonly Func<int, double> factor;

    internal LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch, bool verbose) : base(optimizer, last_epoch, verbose)
    {
        factor = lr_lambda;
        step();
    }

    protected override double Next(int epoch, double last, double start) => At(epoch, start);
    protected override double At(int epoch, double start) => start * factor(epoch);
}

/// <summary>Last × λ(epoch).</summary>
internal sealed class MultiplicativeLR : Schedule
{
    private readonly Func<int, double> factor;

    internal MultiplicativeLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch, bool verbose) : base(optimizer, last_epoch, verbose)
    {
        factor = lr_lambda;
        step();
    }

    protected override double Next(int epoch, double last, double start) => epoch > 0 ? last * factor(epoch) : last;
    protected override double At(int epoch, double start) => Enumerable.Range(1, Math.Max(epoch, 0)).Aggregate(start, (rate, e) => rate * factor(e));
}

/// <summary>Times γ every so many epochs.</summary>
internal sealed class StepLR : Schedule
{
    private readonly int size;
    private readonly double gamma;

    internal StepLR(Optimizer optimizer, int step_size, double gamma, int last_epoch, bool verbose) : base(optimizer, last_epoch, verbose)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(step_size);
        (size, this.gamma) = (step_size, gamma);
        step();
    }

    protected override double Next(int epoch, double last, double start) => epoch > 0 && epoch % size == 0 ? last * gamma : last;
    protected override double At(int epoch, double start) => start * Math.Pow(gamma, epoch / size);
}

/// <summary>Times γ at each milestone.</summary>
internal sealed class MultiStepLR : Schedule
{
    private readonly int[] milestones;
    private readonly double gamma;

    internal MultiStepLR(Optimizer optimizer, IEnumerable<int> milestones, double gamma, int last_epoch, bool verbose) : base(optimizer, last_epoch, verbose)
    {
        (this.milestones, this.gamma) = ([.. milestones], gamma);
        step();
    }

    protected override double Next(int epoch, double last, double start) => last * Math.Pow(gamma, milestones.Count(milestone => milestone == epoch));
    protected override double At(int epoch, double start) => start * Math.Pow(gamma, milestones.Count(milestone => milestone <= epoch));
}

/// <summary>Times γ every epoch.</summary>
internal sealed class ExponentialLR : Schedule
{
    private readonly double gamma;

    internal ExponentialLR(Optimizer optimizer, double gamma, int last_epoch, bool verbose) : base(optimizer, last_epoch, verbose)
    {
        this.gamma = gamma;
        step();
    }

    protected override double Next(int epoch, double last, double start) => epoch == 0 ? last : last * gamma;
    protected override double At(int epoch, double start) => start * Math.Pow(gamma, epoch);
}

/// <summary>Start × a factor for some epochs, then the start.</summary>
internal sealed class ConstantLR : Schedule
{
    private readonly double factor;
    private readonly int total;

    internal ConstantLR(Optimizer optimizer, double factor, int total_iters, int last_epoch, bool verbose) : base(optimizer, last_epoch, verbose)
    {
        if (factor is < 0 or > 1) throw new ArgumentException($"The factor must lie in [0, 1], not be {factor}.");
        (this.factor, total) = (factor, total_iters);
        step();
    }

    protected override double Next(int epoch, double last, double start) => epoch == 0 ? last * factor : epoch == total ? last / factor : last;
    protected override double At(int epoch, double start) => epoch < total ? start * factor : start;
}

/// <summary>Start × a factor that goes in a line from one value to another.</summary>
internal sealed class LinearLR : Schedule
{
    private readonly double first;
    private readonly double final;
    private readonly int total;

    internal LinearLR(Optimizer optimizer, double start_factor, double end_factor, int total_iters, int last_epoch, bool verbose) : base(optimizer, last_epoch, verbose)
    {
        if (start_factor is <= 0 or > 1) throw new ArgumentException($"The start factor must lie in (0, 1], not be {start_factor}.");
        if (end_factor is < 0 or > 1) throw new ArgumentException($"The end factor must lie in [0, 1], not be {end_factor}.");
        (first, final, total) = (start_factor, end_factor, total_iters);
        step();
    }

    protected override double Next(int epoch, double last, double start) =>
        epoch == 0 ? last * first : epoch > total ? last : last * (1 + ((final - first) / ((total * first) + ((epoch - 1) * (final - first)))));

    protected override double At(int epoch, double start) => start * (first + ((final - first) * Math.Min(total, epoch) / total));
}

/// <summary>Start × (1 − epoch / total)^power.</summary>
internal sealed class PolynomialLR : Schedule
{
    private readonly int total;
    private readonly double power;

    internal PolynomialLR(Optimizer optimizer, int total_iters, double power, int last_epoch, bool verbose) : base(optimizer, last_epoch, verbose)
    {
        (total, this.power) = (total_iters, power);
        step();
    }

    protected override double Next(int epoch, double last, double start) =>
        epoch == 0 || epoch > total ? last : last * Math.Pow((1 - ((double)epoch / total)) / (1 - ((epoch - 1.0) / total)), power);

    protected override double At(int epoch, double start) => start * Math.Pow(1 - ((double)Math.Min(total, epoch) / total), power);
}

/// <summary>Half a cosine from the start down to a minimum, and up again.</summary>
internal sealed class CosineAnnealingLR : Schedule
{
    private readonly double half;
    private readonly double least;

    internal CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min, int last_epoch, bool verbose) : base(optimizer, last_epoch, verbose)
    {
        (half, least) = (T_max, eta_min);
        step();
    }

    protected override double Next(int epoch, double last, double start)
    {
        if (epoch == 0) return last;
        if (_step_count == 1) return At(epoch, start);
        // At the minimum the ratio below would be 0 / 0.
        if ((epoch - 1 - half) % (2 * half) == 0) return last + ((start - least) * (1 - Math.Cos(Math.PI / half)) / 2);
        return ((1 + Math.Cos(Math.PI * epoch / half)) / (1 + Math.Cos(Math.PI * (epoch - 1) / half)) * (last - least)) + least;
    }

    protected override double At(int epoch, double start) => least + ((start - least) * (1 + Math.Cos(Math.PI * epoch / half)) / 2);
}
