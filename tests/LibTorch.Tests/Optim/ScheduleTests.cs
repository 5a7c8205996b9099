using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler;

namespace TorchSharp.Tests.Optim;

/// <summary>Every schedule against its closed form.</summary>
public sealed class ScheduleTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly SGD optimizer;

    public ScheduleTests() => optimizer = SGD([Parameter(ones(1))], 2, momentum: 0.5);

    public void Dispose()
    {
        optimizer.Dispose();
        scope.Dispose();
    }

    private double Rate => optimizer.ParamGroups.Single().LearningRate;

    private void Follows(LRScheduler scheduler, int epochs, Func<int, double> rate)
    {
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            Assert.Equal(rate(epoch), Rate, 10);
            Assert.Equal([Rate], scheduler.get_last_lr());
            scheduler.step();
        }
        JumpsTo(scheduler, 3, rate);
    }

    private void JumpsTo(LRScheduler scheduler, int? epoch, Func<int, double> rate)
    {
        scheduler.step(epoch);
        Assert.Equal(rate(epoch!.Value), Rate, 10);
    }

    [Fact]
    public void Steps() => Follows(StepLR(optimizer, 3, 0.5), 10, e => 2 * Math.Pow(0.5, e / 3));

    [Fact]
    public void Milestones() => Follows(MultiStepLR(optimizer, [2, 5], 0.1), 8, e => 2 * (e < 2 ? 1 : e < 5 ? 0.1 : 0.01));

    [Fact]
    public void Exponential() => Follows(ExponentialLR(optimizer, 0.9), 8, e => 2 * Math.Pow(0.9, e));

    [Fact]
    public void Cosine() => Follows(CosineAnnealingLR(optimizer, 4, 0.2), 14, e => 0.2 + (1.8 * (1 + Math.Cos(Math.PI * e / 4)) / 2));

    [Fact]
    public void Linear() => Follows(LinearLR(optimizer, 0.25, 1, 4), 8, e => 2 * (0.25 + (0.75 * Math.Min(e, 4) / 4)));

    [Fact]
    public void Constant() => Follows(ConstantLR(optimizer, 0.25, 4), 8, e => e < 4 ? 0.5 : 2);

    [Fact]
    public void Polynomial() => Follows(PolynomialLR(optimizer, 5, 2), 8, e => 2 * Math.Pow(1 - (Math.Min(e, 5) / 5.0), 2));

    [Fact]
    public void Lambda() => Follows(LambdaLR(optimizer, e => 1.0 / (e + 1)), 6, e => 2.0 / (e + 1));

    [Fact]
    public void Multiplicative() => Follows(MultiplicativeLR(optimizer, e => 0.5 + (e / 10.0)), 6, e => 2 * Enumerable.Range(1, e).Aggregate(1.0, (product, i) => product * (0.5 + (i / 10.0))));

    [Fact]
    public void Chained()
    {
        var scheduler = ChainedLR([ConstantLR(optimizer, 0.1, 2), ExponentialLR(optimizer, 0.9)]);
        for (var epoch = 0; epoch < 5; epoch++, scheduler.step()) Assert.Equal(2 * (epoch < 2 ? 0.1 : 1) * Math.Pow(0.9, epoch), Rate, 12);
    }

    [Fact]
    public void Sequential()
    {
        var scheduler = SequentialLR(optimizer, [ConstantLR(optimizer, 0.1, 2), ExponentialLR(optimizer, 0.9)], [2]);
        double[] expected = [0.2, 0.2, 2, 1.8, 1.62];
        foreach (var rate in expected)
        {
            Assert.Equal(rate, Rate, 12);
            scheduler.step();
        }
    }

    [Theory]
    [InlineData(Modules.OneCycleLR.AnnealStrategy.Cos)]
    [InlineData(Modules.OneCycleLR.AnnealStrategy.Linear)]
    public void One_cycle_goes_up_and_down_and_the_momentum_the_other_way(Modules.OneCycleLR.AnnealStrategy strategy)
    {
        double Between(double from, double to, double part) => strategy == Modules.OneCycleLR.AnnealStrategy.Linear ? from + ((to - from) * part) : to + ((from - to) * (1 + Math.Cos(Math.PI * part)) / 2);
        double Along(int e, double start, double top, double end) => e <= 2 ? Between(start, top, e / 2.0) : Between(top, end, (e - 2) / 7.0);
        var scheduler = OneCycleLR(optimizer, 1, total_steps: 10, anneal_strategy: strategy, base_momentum: 0.8, max_momentum: 0.9);
        for (var epoch = 0; epoch < 10; epoch++, scheduler.step())
        {
            Assert.Equal(Along(epoch, 1 / 25.0, 1, 1 / 250000.0), Rate, 12);
            Assert.Equal(Along(epoch, 0.9, 0.8, 0.9), ((SGD.ParamGroup)optimizer.ParamGroups.Single()).Momentum, 12);
        }
        Assert.Throws<InvalidOperationException>(() => scheduler.step());
    }

    [Fact]
    public void One_cycle_in_three_phases_passes_its_start_again()
    {
        var scheduler = OneCycleLR(optimizer, 1, epochs: 5, steps_per_epoch: 4, pct_start: 0.3, cycle_momentum: false, div_factor: 10, final_div_factor: 100, three_phase: true);
        var rates = new double[20];
        for (var epoch = 0; epoch < 20; epoch++, scheduler.step()) rates[epoch] = Rate;
        Assert.Equal((0.1, 1, 0.1, 0.001), (Math.Round(rates[0], 12), Math.Round(rates[5], 12), Math.Round(rates[10], 12), Math.Round(rates[19], 12)));
        Assert.Throws<ArgumentException>(() => OneCycleLR(optimizer, 1));
    }

    [Theory]
    [InlineData(Modules.CyclicLR.Mode.Triangular)]
    [InlineData(Modules.CyclicLR.Mode.Triangular2)]
    [InlineData(Modules.CyclicLR.Mode.ExpRange)]
    public void Cyclic(Modules.CyclicLR.Mode mode)
    {
        var scheduler = CyclicLR(optimizer, 0.1, 1.1, step_size_up: 2, step_size_down: 4, mode: mode, gamma: 0.9);
        for (var step = 0; step < 15; step++, scheduler.step())
        {
            var (cycle, at) = (step / 6, step % 6);
            var height = mode switch { Modules.CyclicLR.Mode.Triangular => 1, Modules.CyclicLR.Mode.Triangular2 => Math.Pow(0.5, cycle), _ => Math.Pow(0.9, step) };
            var part = (at <= 2 ? at / 2.0 : (6 - at) / 4.0) * height;
            Assert.Equal(0.1 + part, Rate, 12);
            Assert.Equal(0.9 - (0.1 * part), optimizer.ParamGroups.Cast<IMomentum>().Single().Momentum, 12);
        }
    }

    [Fact]
    public void A_plateau_lowers_the_rate_after_patience_and_waits_while_it_cools()
    {
        var scheduler = ReduceLROnPlateau(optimizer, factor: 0.5, patience: 1, cooldown: 1, min_lr: [0.6]);
        (double Loss, double Rate)[] course = [(1, 2), (0.5, 2), (0.5, 2), (0.5, 1), (0.5, 1), (0.5, 1), (0.5, 0.6), (0.5, 0.6), (0.4, 0.6)];
        foreach (var (loss, rate) in course)
        {
            scheduler.step(loss);
            Assert.Equal(rate, Rate, 12);
        }
        Assert.Throws<InvalidOperationException>(() => scheduler.step());
        Assert.Throws<ArgumentException>(() => ReduceLROnPlateau(optimizer, mode: "least"));
    }

    [Fact]
    public void Every_group_goes_its_own_way_from_its_own_start()
    {
        optimizer.add_param_group(new SGD.ParamGroup([Parameter(ones(1))], 10));
        var scheduler = StepLR(optimizer, 1, 0.1);
        scheduler.step();
        Assert.Equal([0.2, 1], scheduler.get_last_lr().Select(rate => Math.Round(rate, 12)));
    }
}
