using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        public static partial class lr_scheduler
        {
            /// <summary>
            /// Changes the learning rates of an optimizer's groups, once at construction and once a call of <see cref="step()"/>. Each step
            /// goes from the rate that is there, so that schedules can be chained.
            /// </summary>
            public abstract class LRScheduler
            {
                protected int _step_count;
                internal Optimizer _optimizer = null!;
                internal int _last_epoch = -1;
                internal double[] _base_lrs = [];
                private readonly bool verbose;

                protected LRScheduler() { }

                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    (_optimizer, _last_epoch, this.verbose) = (optimizer, last_epoch, verbose);
                    foreach (var group in optimizer.ParamGroups)
                        if (last_epoch == -1) Begin(group);
                    _base_lrs = [.. optimizer.ParamGroups.Select(group => group.InitialLearningRate)];
                }

                /// <summary>The first schedule of a group fixes where it starts; others made after it start there too.</summary>
                private static void Begin(ILearningRateController group)
                {
                    if (group is ParamGroup { Options.Scheduled: true }) return;
                    group.InitialLearningRate = group.LearningRate;
                    if (group is ParamGroup parameters) parameters.Options.Scheduled = true;
                }

                /// <summary>The rates now, one a group.</summary>
                public IEnumerable<double> get_last_lr() => [.. _optimizer.ParamGroups.Select(group => group.LearningRate)];

                /// <summary>The rates of the epoch that has just begun.</summary>
                protected virtual IEnumerable<double> get_lr() => get_last_lr();

                /// <summary>The rates of any epoch, without its predecessor.</summary>
                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                public virtual void step()
                {
                    _step_count++;
                    _last_epoch++;
                    Apply(get_lr());
                }

                public virtual void step(int? epoch)
                {
                    if (epoch is not { } jump) step();
                    else
                    {
                        _step_count++;
                        _last_epoch = jump;
                        Apply(get_closed_form_lr());
                    }
                }

                /// <summary>A step that knows a measured quantity; only a schedule that waits for a plateau looks at it.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                private protected void Apply(IEnumerable<double> rates)
                {
                    foreach (var (group, rate) in _optimizer.ParamGroups.Zip(rates.ToArray())) group.LearningRate = rate;
                    if (verbose) Console.WriteLine($"Epoch {_last_epoch}: learning rates {string.Join(", ", get_last_lr())}");
                }

                /// <summary>A rate a group, from the rate now and the rate at the start.</summary>
                private protected IEnumerable<double> Each(Func<double, double, double> rate) =>
                    [.. _optimizer.ParamGroups.Zip(_base_lrs, (group, start) => rate(group.LearningRate, start))];
            }
        }
    }
}
