using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler;

namespace TorchSharp.Modules;

/// <summary>Several schedules at once: each steps from where the one before left the rate.</summary>
internal sealed class ChainedLR : LRScheduler
{
    private readonly LRScheduler[] schedulers;

    internal ChainedLR(IEnumerable<LRScheduler> schedulers)
    {
        this.schedulers = [.. schedulers];
        if (this.schedulers.Length == 0) throw new ArgumentException("A chain needs one schedule or more.");
        _optimizer = this.schedulers[0]._optimizer;
        if (this.schedulers.Any(scheduler => !ReferenceEquals(scheduler._optimizer, _optimizer))) throw new ArgumentException("All schedules of a chain must belong to one optimizer.");
    }

    public override void step()
    {
        foreach (var scheduler in schedulers) scheduler.step();
    }
}

/// <summary>Several schedules one after the other.</summary>
internal sealed class SequentialLR : LRScheduler
{
    private readonly LRScheduler[] schedulers;
    private readonly int[] milestones;

    internal SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch)
    {
        (this.schedulers, this.milestones) = ([.. schedulers], [.. milestones]);
        if (this.schedulers.Length != this.milestones.Length + 1)
            throw new ArgumentException($"{this.schedulers.Length} schedules need {this.schedulers.Length - 1} milestones, not {this.milestones.Length}.");
        if (this.schedulers.Any(scheduler => !ReferenceEquals(scheduler._optimizer, optimizer))) throw new ArgumentException("All schedules of a sequence must belong to its optimizer.");
        (_optimizer, _last_epoch) = (optimizer, last_epoch + 1);
        Rewind();
    }

    /// <summary>Every schedule took its first step when it was made: back to the start, and let the first one take its own.</summary>
    private void Rewind()
    {
        foreach (var group in _optimizer.ParamGroups) group.LearningRate = group.InitialLearningRate;
        foreach (var scheduler in schedulers) scheduler._last_epoch--;
        schedulers[0].step();
    }

    public override void step()
    {
        _last_epoch++;
        var turn = milestones.Count(milestone => milestone <= _last_epoch);
        if (turn > 0 && milestones[turn - 1] == _last_epoch) schedulers[turn].step(0);
        else schedulers[turn].step();
    }
}
