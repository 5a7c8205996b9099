using System.Diagnostics;
using Spectre.Console;

namespace ModelInspector.Cli.Terminal;

/// <summary>Runs long work with a progress bar per stage and the time left, on standard error; a plain line per stage where that is no terminal.</summary>
internal static class Work
{
    private static readonly IAnsiConsole Screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Error) });

    public static T Run<T>(ulong seed, CancellationToken cancel, Func<Job, T> work)
    {
        Threads.Take();
        return Shown(seed, cancel, work);
    }

    private static T Shown<T>(ulong seed, CancellationToken cancel, Func<Job, T> work) =>
        Screen.Profile.Capabilities.Interactive && !System.Console.IsErrorRedirected
            ? Screen.Progress()
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(context => work(new Job(seed, new Bars(context), cancel)))
            : work(new Job(seed, new Lines(), cancel));

    private sealed class Bars(ProgressContext context) : IProgress<Step>
    {
        private readonly Dictionary<string, ProgressTask> bars = [];
        private readonly Lock gate = new();

        public void Report(Step value)
        {
            lock (gate)
            {
                if (!bars.TryGetValue(value.Stage, out var bar)) bars[value.Stage] = bar = context.AddTask(Markup.Escape(value.Stage));
                bar.IsIndeterminate = value.Total <= 0;
                bar.MaxValue = Math.Max(1, value.Total);
                bar.Value = value.Done;
                bar.Description = Markup.Escape(value.Note is null ? value.Stage : $"{value.Stage} ({value.Note})");
            }
        }
    }

    /// <summary>A line when a stage begins, one every ten seconds while it lasts, and what it has to tell at its end.</summary>
    private sealed class Lines : IProgress<Step>
    {
        private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);

        private readonly Lock gate = new();
        private readonly Stopwatch inStage = new();
        private TimeSpan said;
        private long begun;
        private string? stage;

        public void Report(Step value)
        {
            lock (gate)
            {
                if (value.Stage != stage) Begin(value);
                else if (inStage.Elapsed - said > Between && value.Done != value.Total) Say(value);
                if (value.Note is not null && value.Done == value.Total) System.Console.Error.WriteLine($"{stage}: {value.Note}");
            }
        }

        private void Begin(Step value)
        {
            (stage, begun, said) = (value.Stage, value.Done, TimeSpan.Zero);
            inStage.Restart();
            System.Console.Error.WriteLine($"{stage} …");
        }

        private void Say(Step value)
        {
            said = inStage.Elapsed;
            System.Console.Error.WriteLine($"{stage} {value.Done}{(value.Total > 0 ? $" of {value.Total}" : "")}{Left(value)} …");
        }

        private string Left(Step value)
        {
            if (value.Total <= 0 || value.Done <= begun) return "";
            var left = inStage.Elapsed * ((double)(value.Total - value.Done) / (value.Done - begun));
            return left < TimeSpan.FromMinutes(2) ? $", about {left.TotalSeconds:0} s left" : $", about {left.TotalMinutes:0} min left";
        }
    }
}
