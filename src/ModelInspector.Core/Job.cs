namespace ModelInspector;

/// <summary>What every long computation is given: its seed, where it reports, and when to stop.</summary>
/// <param name="Seed">Same seed, same bits.</param>
/// <param name="Progress">Receives a step whenever there is something to tell; must be cheap to call.</param>
/// <param name="Cancel">Honoured between batches and iterations; cancelling throws <see cref="OperationCanceledException"/>.</param>
public sealed record Job(ulong Seed, IProgress<Step> Progress, CancellationToken Cancel)
{
    /// <summary>A job that reports to nobody and is never cancelled.</summary>
    public static Job Quiet(ulong seed = 0) => new(seed, Silence.Instance, CancellationToken.None);

    /// <summary>Reports progress and throws if the job was cancelled.</summary>
    public void Report(string stage, long done, long total, string? note = null)
    {
        Cancel.ThrowIfCancellationRequested();
        Progress.Report(new Step(stage, done, total, note));
    }

    private sealed class Silence : IProgress<Step>
    {
        public static readonly Silence Instance = new();

        public void Report(Step value)
        {
        }
    }
}

/// <summary>One report of progress: <paramref name="Done"/> of <paramref name="Total"/> units of a stage.</summary>
/// <param name="Stage">Short noun phrase, the same for the whole stage: "t-SNE", "capture".</param>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all; 0 when unknown.</param>
/// <param name="Note">A figure worth seeing: "KL 1.52".</param>
public readonly record struct Step(string Stage, long Done, long Total, string? Note = null);
